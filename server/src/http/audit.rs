//! The audit log's page.

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use gazette_app::pages;
use gazette_domain::{Action, DeskError, Limit};

use crate::http::caller::RequestContext;
use crate::http::error::AppError;
use crate::http::fields::Fields;
use crate::http::reply;
use crate::http::state::AppState;

const ENTRIES_PER_PAGE: usize = 100;

/// `GET /desk/audit?day=2026-11-21&before=…`: a day of the log, the latest one when none is named.
pub(super) async fn page(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    request: Request,
) -> Result<Response, AppError> {
    context.require(app.desk.policy(), Action::ReadAudit)?;
    let fields = Fields::of_query(&request);
    let before = fields.one("before").map(str::parse::<u64>).transpose();
    let before = before.map_err(|_| AppError::bad_request("before must be a whole number"))?;
    let failed = |error: DeskError| AppError::desk(&error, &context);
    let days = app.desk.audit_days(&context.caller).await.map_err(failed)?;
    let frame = context.frame(&app).await;
    let wanted = fields.one("day").or(days.first().map(String::as_str));
    let Some(day) = wanted.map(str::to_owned) else {
        return Ok(reply::page(&frame, pages::audit_is_empty(&frame), &context, request.headers()));
    };
    if !days.contains(&day) {
        return Err(AppError::not_found());
    }
    let limit = Limit::try_from(ENTRIES_PER_PAGE).unwrap_or(Limit::DEFAULT);
    let log = app.desk.audit_day(&context.caller, &day, before, limit).await.map_err(failed)?;
    let page = pages::audit(&frame, &days, &day, &log);
    Ok(reply::page(&frame, page, &context, request.headers()))
}
