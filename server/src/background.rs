//! What the process does besides answering requests.

use std::sync::Arc;
use std::time::Duration;

use gazette_domain::NewsDesk;
use gazette_table::Table;

/// How often items that have expired are removed.
const PURGE_EVERY: Duration = Duration::from_secs(60);
/// How often it is looked whether others changed the news.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);
/// How often it is looked whether a deletion was interrupted.
const FINISH_EVERY: Duration = Duration::from_secs(60);
/// How often the trash is looked through for what is outdated.
const ERASE_EVERY: Duration = Duration::from_secs(3600);

/// Removes what has expired, so that the file does not grow with every sign-in.
pub(crate) async fn purge(table: Arc<dyn Table>) {
    loop {
        tokio::time::sleep(PURGE_EVERY).await;
        match table.purge().await {
            Ok(removed) => tracing::debug!(removed, "expired items are removed"),
            Err(error) => tracing::warn!(%error, "expired items cannot be removed"),
        }
    }
}

/// Notices what other processes on the same table change, so that pages made before are dropped.
pub async fn follow(desk: NewsDesk) {
    loop {
        if let Err(error) = desk.sync_with_log().await {
            tracing::warn!(%error, "changes made elsewhere cannot be seen");
        }
        tokio::time::sleep(FOLLOW_EVERY).await;
    }
}

/// Finishes deletions of everything that were interrupted, here or elsewhere.
pub(crate) async fn finish(desk: NewsDesk) {
    loop {
        match desk.resume_jobs().await {
            Ok(0) => {}
            Ok(deleted) => tracing::info!(deleted, "an interrupted deletion is finished"),
            Err(error) => tracing::warn!(%error, "an interrupted deletion cannot be finished"),
        }
        tokio::time::sleep(FINISH_EVERY).await;
    }
}

/// Erases what has lain in the trash for long enough.
pub(crate) async fn erase(desk: NewsDesk) {
    loop {
        match desk.erase_outdated().await {
            Ok(0) => {}
            Ok(erased) => tracing::info!(erased, "stories have left the trash for good"),
            Err(error) => tracing::warn!(%error, "the trash cannot be emptied"),
        }
        tokio::time::sleep(ERASE_EVERY).await;
    }
}
