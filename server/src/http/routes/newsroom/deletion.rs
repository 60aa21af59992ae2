//! The pages of the deletion of all stories, and of an erasure.

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
    let job = known_job(&job)?;
    let progress = app.desk.deletion_progress(&context.caller, job).await?;
    if !progress.is_done {
        let page = context.page(&app, |_| pages::deletion_progress(&progress)).await;
        return Ok(loaded_again(page));
    }
    let summary = app.desk.trash_summary(&context.caller).await?;
    let batch = summary.batches.iter().find(|batch| batch.job == job);
    Ok(context.page(&app, |frame| pages::deletion_result(frame, &progress, batch)).await)
}

/// `GET /desk/trash/erase/{job}`: the same for an erasure.
pub(in crate::http) async fn erasure_page(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(job): Segment,
) -> Result<Response, AppError> {
    let progress = app.desk.erasure_progress(&context.caller, known_job(&job)?).await?;
    if !progress.is_done {
        let page = context.page(&app, |_| pages::erasure_progress(&progress)).await;
        return Ok(loaded_again(page));
    }
    Ok(context.page(&app, |frame| pages::erasure_result(frame, &progress)).await)
}

fn known_job(text: &str) -> Result<JobId, AppError> {
    text.parse().map_err(|_| AppError::not_found())
}

fn loaded_again(mut page: Response) -> Response {
    page.headers_mut().insert(REFRESH, REFRESH_SECONDS);
    page
}
