//! Work that must finish even if the client disconnects or the site stops: a rotated refresh token,
//! for example, may be stored nowhere else yet.

use std::sync::LazyLock;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::trace;

/// Detached work of this process.
static TASKS: LazyLock<TaskTracker> = LazyLock::new(TaskTracker::new);

/// Runs a future in a task of its own, in the span and the trace of its request.
pub(crate) fn spawn<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<T> {
    TASKS.spawn(trace::within(trace::current(), work).in_current_span())
}

/// Waits until all detached work has finished, at most for some time.
pub(crate) async fn finish(max_wait: Duration) {
    TASKS.close();
    if tokio::time::timeout(max_wait, TASKS.wait()).await.is_err() {
        tracing::warn!(tasks = TASKS.len(), "changes were cut off at the drain timeout");
    }
}
