//! The audit log of one day.

use axum::extract::State;
use axum::response::Response;
use gazette_app::pages;
use gazette_domain::Limit;
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{PageQuery, RequestContext};
use crate::http::state::AppState;

const RECORDS_PER_PAGE: usize = 100;

/// Parameters of the page.
#[derive(Deserialize)]
pub(in crate::http) struct Parameters {
    /// Day such as `2026-11-21`; the latest one by default.
    day: Option<String>,
    /// Number of the record before which the page begins.
    before: Option<String>,
}

/// `GET /desk/audit`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let before = parameters.before.map(|before| before.parse::<u64>()).transpose();
    let before = before.map_err(|_| {
        AppError::bad_request(
            "`before` must be a whole number. Omit it to start from the latest entry.",
        )
    })?;
    let days = app.desk.audit_days(&context.caller).await?;
    let Some(day) = parameters.day.or(days.first().cloned()) else {
        return Ok(context.page(&app, |_| pages::audit_is_empty()).await);
    };
    if !days.contains(&day) {
        return Err(AppError::not_found());
    }
    let limit = Limit::try_from(RECORDS_PER_PAGE).unwrap_or(Limit::DEFAULT);
    let log = app.desk.audit_day(&context.caller, &day, before, limit).await?;
    Ok(context.page(&app, |frame| pages::audit(frame, &days, &day, &log)).await)
}
