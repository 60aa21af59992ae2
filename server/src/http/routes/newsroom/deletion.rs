//! The page of a deletion of all stories.

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::REFRESH;
use axum::response::Response;
use gazette_app::pages;
use gazette_domain::JobId;

use crate::http::reply::AppError;
use crate::http::request::{RequestContext, Segment};
use crate::http::state::AppState;

/// Seconds after which a browser loads the page again while the deletion runs.
const REFRESH_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// `GET /desk/delete/{job}`: shows the progress, and then the outcome.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(job): Segment,
) -> Result<Response, AppError> {
    let job: JobId = job.parse().map_err(|_| AppError::not_found())?;
    let progress = app.desk.deletion_progress(&context.caller, job).await?;
    if !progress.is_done {
        let mut response = context.page(&app, |_| pages::deletion_progress(&progress)).await;
        response.headers_mut().insert(REFRESH, REFRESH_SECONDS);
        return Ok(response);
    }
    let summary = app.desk.trash_summary(&context.caller).await?;
    let batch = summary.batches.iter().find(|batch| batch.job == job);
    Ok(context.page(&app, |frame| pages::deletion_result(frame, &progress, batch)).await)
}
