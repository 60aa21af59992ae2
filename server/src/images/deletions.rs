//! Deletions of files that wait while a backup is written, so that it has every picture of its
//! stories.

use std::sync::{Arc, Mutex, PoisonError};

use gazette_domain::ImageName;

use super::store::ImageStore;

/// Deletions that wait.
#[derive(Default)]
pub(super) struct Deletions(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    /// Number of backups.
    holders: usize,
    names: Vec<ImageName>,
}

impl Deletions {
    /// Takes a file to delete it later; returns `false` if it can be deleted now.
    pub(super) fn defer(&self, name: ImageName) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.holders > 0 {
            waiting.names.push(name);
        }
        waiting.holders > 0
    }

    /// Forgets the deletion of a file, which was stored again.
    pub(super) fn cancel(&self, name: ImageName) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.names.retain(|other| *other != name);
    }

    fn release(&self) -> Vec<ImageName> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.holders = waiting.holders.saturating_sub(1);
        if waiting.holders == 0 { std::mem::take(&mut waiting.names) } else { Vec::new() }
    }
}

/// Makes deletions of files wait until it is dropped.
pub(crate) struct HeldDeletions {
    deletions: Arc<Deletions>,
    store: Arc<dyn ImageStore>,
}

impl HeldDeletions {
    pub(super) fn new(deletions: Arc<Deletions>, store: Arc<dyn ImageStore>) -> Self {
        deletions.0.lock().unwrap_or_else(PoisonError::into_inner).holders += 1;
        Self { deletions, store }
    }
}

impl Drop for HeldDeletions {
    fn drop(&mut self) {
        let names = self.deletions.release();
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if names.is_empty() {
            return;
        }
        let store = Arc::clone(&self.store);
        runtime.spawn(async move {
            for name in names {
                if let Err(error) = store.delete(name).await {
                    tracing::warn!(%error, %name, "cannot delete the file of a picture");
                }
            }
        });
    }
}
