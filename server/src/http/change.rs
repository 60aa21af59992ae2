//! Changes that are carried out whether or not their client waits for the answer.

use gazette_domain::NewsDesk;

use crate::http::error::AppError;

/// Runs a change to its end, even when the client goes away in the middle of it.
pub(super) async fn run<T, F, Fut>(desk: NewsDesk, change: F) -> Result<T, AppError>
where
    T: Send + 'static,
    F: FnOnce(NewsDesk) -> Fut + Send + 'static,
    Fut: Future<Output = T> + Send,
{
    let task = tokio::spawn(async move { change(desk).await });
    task.await.map_err(|error| AppError::internal(&error))
}
