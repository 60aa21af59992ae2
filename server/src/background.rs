//! Background tasks of the process.

use std::sync::Arc;
use std::time::Duration;

use gazette_domain::OperatorDesk;
use gazette_table::Table;

const PURGE_INTERVAL: Duration = Duration::from_mins(1);
const SYNC_INTERVAL: Duration = Duration::from_secs(1);
const RESUME_INTERVAL: Duration = Duration::from_mins(1);
const UNPUBLISH_INTERVAL: Duration = Duration::from_mins(1);
const EMPTY_TRASH_INTERVAL: Duration = Duration::from_hours(1);

/// Removes expired items, so that the file does not grow with every sign-in.
pub(crate) async fn purge(table: Arc<dyn Table>) {
    loop {
        tokio::time::sleep(PURGE_INTERVAL).await;
        purge_once(table.as_ref()).await;
    }
}

/// Does everything that is due once, for a process that is frozen between requests.
pub(crate) async fn run_once(desk: &OperatorDesk, table: &dyn Table) {
    resume_jobs_once(desk).await;
    unpublish_ended_once(desk).await;
    empty_old_trash_once(desk).await;
    purge_once(table).await;
}

/// Detects changes by other processes on the same table, so that cached pages are dropped.
pub async fn sync_changes(desk: OperatorDesk) {
    let mut is_failing = false;
    loop {
        let outcome = desk.sync_with_log().await;
        if let Err(error) = &outcome
            && !is_failing
        {
            tracing::warn!(%error, "cannot check for changes by other processes");
        }
        is_failing = outcome.is_err();
        tokio::time::sleep(SYNC_INTERVAL).await;
    }
}

/// Finishes interrupted deletions of all stories and erasures, of this process or others.
pub(crate) async fn resume_jobs(desk: OperatorDesk) {
    loop {
        resume_jobs_once(&desk).await;
        tokio::time::sleep(RESUME_INTERVAL).await;
    }
}

/// Turns stories that readers no longer see into drafts.
pub(crate) async fn unpublish_ended(desk: OperatorDesk) {
    loop {
        unpublish_ended_once(&desk).await;
        tokio::time::sleep(UNPUBLISH_INTERVAL).await;
    }
}

/// Erases stories that have been in the trash for 30 days.
pub(crate) async fn empty_old_trash(desk: OperatorDesk) {
    loop {
        empty_old_trash_once(&desk).await;
        tokio::time::sleep(EMPTY_TRASH_INTERVAL).await;
    }
}

async fn resume_jobs_once(desk: &OperatorDesk) {
    match desk.resume_jobs().await {
        Ok(0) => {}
        Ok(stories) => tracing::info!(stories, "finished an interrupted deletion"),
        Err(error) => tracing::warn!(%error, "cannot finish an interrupted deletion"),
    }
}

async fn unpublish_ended_once(desk: &OperatorDesk) {
    match desk.unpublish_ended().await {
        Ok(0) => {}
        Ok(stories) => tracing::info!(stories, "unpublished stories whose time has ended"),
        Err(error) => tracing::warn!(%error, "cannot unpublish stories whose time has ended"),
    }
}

async fn empty_old_trash_once(desk: &OperatorDesk) {
    match desk.empty_old_trash().await {
        Ok(0) => {}
        Ok(erased) => tracing::info!(erased, "erased stories from the trash"),
        Err(error) => tracing::warn!(%error, "cannot erase stories from the trash"),
    }
}

async fn purge_once(table: &dyn Table) {
    match table.purge().await {
        Ok(removed) => tracing::debug!(removed, "removed expired items"),
        Err(error) => tracing::warn!(%error, "cannot remove expired items"),
    }
}
