//! A disk in memory that records its operations and fails on demand.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use redb::StorageBackend;

/// An operation of a disk.
#[derive(Clone, Debug)]
pub(super) enum Operation {
    Write(u64, Vec<u8>),
    SetLen(u64),
    Sync,
    /// Marks that the table acknowledged this number of writes.
    Acknowledged(usize),
}

impl Operation {
    /// Returns the length that the disk must have after it.
    fn end(&self) -> usize {
        match self {
            Self::Write(offset, data) => usize::try_from(*offset).expect("small") + data.len(),
            Self::SetLen(length) => usize::try_from(*length).expect("a small disk"),
            Self::Sync | Self::Acknowledged(_) => 0,
        }
    }
}

/// A disk; clones share their state.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    bytes: Vec<u8>,
    operations: Vec<Operation>,
    changes: usize,
    fault: Option<Fault>,
    /// `true` if the disk refuses to grow.
    is_full: bool,
}

/// The changes that fail. Writes, new lengths and syncs count as changes, from 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) first: usize,
    pub(super) last: usize,
}

impl Disk {
    /// Returns a disk with this content.
    pub(super) fn with_bytes(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(State { bytes, ..State::default() })))
    }

    /// Returns the disk as a storage for redb.
    pub(super) fn storage(&self) -> Box<dyn StorageBackend> {
        Box::new(self.clone())
    }

    pub(super) fn fail(&self, fault: Option<Fault>) {
        self.state().fault = fault;
    }

    pub(super) fn set_full(&self, full: bool) {
        self.state().is_full = full;
    }

    /// Returns the number of changes so far.
    pub(super) fn changes(&self) -> usize {
        self.state().changes
    }

    pub(super) fn acknowledged(&self, writes: usize) {
        self.state().operations.push(Operation::Acknowledged(writes));
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.state().bytes.clone()
    }

    pub(super) fn operations(&self) -> Vec<Operation> {
        self.state().operations.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics inside")
    }

    fn change(&self, operation: Operation) -> io::Result<()> {
        let mut state = self.state();
        state.changes += 1;
        let number = state.changes;
        if state.fault.is_some_and(|fault| (fault.first..=fault.last).contains(&number)) {
            return Err(io::Error::other("the disk is on fire"));
        }
        if state.is_full && operation.end() > state.bytes.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        apply(&mut state.bytes, &operation);
        state.operations.push(operation);
        Ok(())
    }
}

/// Applies an operation to the bytes.
pub(super) fn apply(bytes: &mut Vec<u8>, operation: &Operation) {
    match operation {
        Operation::Write(offset, data) => {
            let start = usize::try_from(*offset).expect("a small disk");
            let end = start + data.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[start..end].copy_from_slice(data);
        }
        Operation::SetLen(length) => {
            bytes.resize(usize::try_from(*length).expect("a small disk"), 0);
        }
        Operation::Sync | Operation::Acknowledged(_) => {}
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().bytes.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).expect("a small disk");
        let state = self.state();
        let bytes = state.bytes.get(start..start + out.len());
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.change(Operation::SetLen(length))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.change(Operation::Sync)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.change(Operation::Write(offset, data.to_vec()))
    }
}
