//! A storage that reads a file and keeps changes in memory, so that a store can be opened, and even
//! repaired, without a change of its file.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};

const PAGE: usize = 4096;

/// A storage that leaves its file unchanged.
#[derive(Debug)]
pub(super) struct UnchangedFile {
    file: FileBackend,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    len: u64,
    /// The part of the file that counts: a storage that was cut and grew again has zeros there.
    file_len: u64,
    /// Pages that were changed.
    pages: BTreeMap<u64, Vec<u8>>,
}

impl UnchangedFile {
    pub(super) fn new(file: FileBackend) -> io::Result<Self> {
        let len = file.len()?;
        let state = Mutex::new(State { len, file_len: len, pages: BTreeMap::new() });
        Ok(Self { file, state })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the content of a page.
    fn page(&self, state: &State, number: u64) -> io::Result<Vec<u8>> {
        if let Some(page) = state.pages.get(&number) {
            return Ok(page.clone());
        }
        let at = number * PAGE as u64;
        let in_file = state.file_len.saturating_sub(at).min(PAGE as u64);
        let mut page = vec![0; usize::try_from(in_file).unwrap_or_default()];
        self.file.read(at, &mut page)?;
        page.resize(PAGE, 0);
        Ok(page)
    }
}

/// Calls `part` for each page of a range: with its number, the offset within it, and the range of
/// `length` that it has.
fn parts(
    offset: u64,
    length: usize,
    mut part: impl FnMut(u64, usize, std::ops::Range<usize>) -> io::Result<()>,
) -> io::Result<()> {
    let mut done = 0;
    while done < length {
        let at = offset + done as u64;
        let within = usize::try_from(at % PAGE as u64).unwrap_or_default();
        let end = length.min(done + PAGE - within);
        part(at / PAGE as u64, within, done..end)?;
        done = end;
    }
    Ok(())
}

fn out_of_range() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}

impl StorageBackend for UnchangedFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.state();
        if offset.saturating_add(out.len() as u64) > state.len {
            return Err(out_of_range());
        }
        parts(offset, out.len(), |number, within, range| {
            let page = self.page(&state, number)?;
            let part = page.get(within..within + range.len()).ok_or_else(out_of_range)?;
            out.get_mut(range).ok_or_else(out_of_range)?.copy_from_slice(part);
            Ok(())
        })
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.state();
        state.file_len = state.file_len.min(len);
        state.pages.retain(|number, _| number * (PAGE as u64) < len);
        let within = usize::try_from(len % PAGE as u64).unwrap_or_default();
        if let Some(last) = state.pages.get_mut(&(len / PAGE as u64)) {
            last.truncate(within);
            last.resize(PAGE, 0);
        }
        state.len = len;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        state.len = state.len.max(offset.saturating_add(data.len() as u64));
        parts(offset, data.len(), |number, within, range| {
            let mut page = self.page(&state, number)?;
            let part = page.get_mut(within..within + range.len()).ok_or_else(out_of_range)?;
            part.copy_from_slice(data.get(range).ok_or_else(out_of_range)?);
            state.pages.insert(number, page);
            Ok(())
        })
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.unlock_range(start, end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use redb::backends::InMemoryBackend;

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Write(u64, Vec<u8>),
        Len(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..20_000_u64, prop::collection::vec(any::<u8>(), 1..9_000))
                .prop_map(|(at, data)| Step::Write(at, data)),
            (0..30_000_u64).prop_map(Step::Len),
        ]
    }

    proptest! {
        #[test]
        fn it_holds_what_a_storage_in_memory_would(steps in prop::collection::vec(step(), 0..12)) {
            let file = tempfile::tempfile().expect("a file");
            let handle = file.try_clone().expect("a handle");
            let memory = InMemoryBackend::new();
            for storage in [&FileBackend::new(file).expect("a storage") as &dyn StorageBackend, &memory] {
                storage.set_len(10_000).expect("extended");
                storage.write(0, &[7; 10_000]).expect("written");
            }
            let unchanged = UnchangedFile::new(FileBackend::new(handle).expect("a storage")).expect("opened");
            for step in steps {
                match step {
                    Step::Write(at, data) => {
                        let end = at + data.len() as u64;
                        for storage in [&unchanged as &dyn StorageBackend, &memory] {
                            if end > storage.len().expect("a length") {
                                storage.set_len(end).expect("extended");
                            }
                            storage.write(at, &data).expect("written");
                        }
                    }
                    Step::Len(len) => {
                        unchanged.set_len(len).expect("cut");
                        memory.set_len(len).expect("cut");
                    }
                }
            }
            let len = memory.len().expect("a length");
            prop_assert_eq!(unchanged.len().expect("a length"), len);
            let size = usize::try_from(len).expect("a size");
            let (mut one, mut other) = (vec![0; size], vec![0; size]);
            unchanged.read(0, &mut one).expect("read");
            memory.read(0, &mut other).expect("read");
            prop_assert!(one == other);
            prop_assert!(unchanged.read(len, &mut [0]).is_err());
        }
    }
}
