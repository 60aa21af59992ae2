//! Work that must finish even if the client disconnects.

use tracing::Instrument as _;

use crate::auth::session::error::SessionError;

/// Runs a future in a task of its own, so that it completes when its request is dropped. A refresh
/// token in its memory may be stored nowhere else.
pub(super) async fn detached<T: Send + 'static>(
    work: impl Future<Output = Result<T, SessionError>> + Send + 'static,
) -> Result<T, SessionError> {
    tokio::spawn(work.in_current_span()).await?
}
