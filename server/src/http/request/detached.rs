//! Changes that are carried out whether or not the client waits for the response.

use tokio::sync::oneshot;

use crate::detached;
use crate::http::reply::AppError;

/// Runs a change to its end, even if the client disconnects.
///
/// Its error reaches the caller, or, if the client has disconnected, the log with the request's id.
pub(in crate::http) async fn run_detached<T, E>(
    change: impl Future<Output = Result<T, E>> + Send + 'static,
) -> Result<T, AppError>
where
    T: Send + 'static,
    E: Into<AppError>,
{
    let (sender, receiver) = oneshot::channel();
    let task = async move {
        let outcome: Result<T, AppError> = change.await.map_err(Into::into);
        if let Err(Err(unseen)) = sender.send(outcome) {
            unseen.log();
        }
    };
    detached::spawn(task);
    receiver.await.unwrap_or_else(|_| Err(AppError::internal("the change panicked")))
}
