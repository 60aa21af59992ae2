//! Work that must finish even if the client disconnects.

use crate::auth::session::error::SessionError;
use crate::detached;

/// Runs a future to its end, also if its request is dropped. A refresh token in its memory may be
/// stored nowhere else.
pub(super) async fn detached<T: Send + 'static>(
    work: impl Future<Output = Result<T, SessionError>> + Send + 'static,
) -> Result<T, SessionError> {
    detached::spawn(work).await?
}
