//! Errors of the embedded engine that outlast the call in which they were found.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use gazette_table::TableError;

use super::error::StoreError;

/// Errors that outlast the call in which they were found.
#[derive(Default)]
pub(super) struct KnownErrors(Mutex<State>);

#[derive(Default)]
struct State {
    is_damaged: bool,
    /// Time of the last write that failed for lack of space, if none succeeded since.
    full_since: Option<Instant>,
}

impl KnownErrors {
    /// Records the result of a read or a write.
    pub(super) fn record<T>(&self, result: &Result<T, StoreError>) {
        match result {
            Err(StoreError::Damaged(_) | StoreError::Table(TableError::Corrupt { .. })) => {
                self.lock().is_damaged = true;
            }
            Err(StoreError::Full(_)) => self.lock().full_since = Some(Instant::now()),
            Ok(_) | Err(_) => {}
        }
    }

    /// Records that a write succeeded.
    pub(super) fn record_write(&self) {
        self.lock().full_since = None;
    }

    pub(super) fn is_damaged(&self) -> bool {
        self.lock().is_damaged
    }

    pub(super) fn full_since(&self) -> Option<Instant> {
        self.lock().full_since
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use gazette_table::Key;

    use super::*;

    #[test]
    fn f_06_damage_is_remembered_and_a_full_disk_until_a_write_succeeds() {
        let errors = KnownErrors::default();
        errors.record::<()>(&Err(StoreError::Full("no space".to_owned())));
        errors.record(&Ok(()));
        assert!(errors.full_since().is_some() && !errors.is_damaged());
        errors.record_write();
        assert!(errors.full_since().is_none());
        for damage in [
            StoreError::Damaged("block 7".to_owned()),
            StoreError::Damaged("block 7".to_owned()).at(&Key::new("p", "s")),
        ] {
            let errors = KnownErrors::default();
            errors.record::<()>(&Err(damage));
            errors.record_write();
            assert!(errors.is_damaged());
        }
    }
}
