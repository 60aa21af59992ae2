//! The front page.

use axum::extract::State;
use axum::response::Response;
use gazette_app::pages;
use gazette_domain::Limit;

use crate::http::reply::AppError;
use crate::http::request::{RequestContext, SharedPage};
use crate::http::state::AppState;

const MAX_STORIES: usize = 60;

/// `GET /`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    let page = SharedPage::of(&app, &context);
    if let Some(cached) = page.cached().await {
        return Ok(cached);
    }
    let limit = Limit::try_from(MAX_STORIES).unwrap_or(Limit::DEFAULT);
    let stories = app.desk.front(SharedPage::READER, limit).await?;
    Ok(page.make(|frame| pages::front(frame, &stories)).await)
}
