//! The audit log's page.

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use gazette_app::pages;
use gazette_domain::{Action, DeskError, Limit};

use crate::http::caller::Visit;
use crate::http::failure::Failure;
use crate::http::fields::Fields;
use crate::http::reply;
use crate::http::state::AppState;

const ENTRIES_PER_PAGE: usize = 100;

/// `GET /desk/audit?day=2026-11-21&before=…`: a day of the log, the latest one when none is named.
pub(super) async fn page(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Failure> {
    visit.require(app.desk.policy(), Action::ReadAudit)?;
    let fields = Fields::of_query(&request);
    let before = fields.one("before").map(str::parse::<u64>).transpose();
    let before = before.map_err(|_| Failure::bad_request("before must be a whole number"))?;
    let failed = |error: DeskError| Failure::desk(&error, &visit);
    let days = app.desk.audit_days(&visit.caller).await.map_err(failed)?;
    let frame = visit.frame(&app).await;
    let wanted = fields.one("day").or(days.first().map(String::as_str));
    let Some(day) = wanted.map(str::to_owned) else {
        return Ok(reply::page(&frame, pages::audit_is_empty(&frame), &visit, request.headers()));
    };
    if !days.contains(&day) {
        return Err(Failure::not_found());
    }
    let limit = Limit::try_from(ENTRIES_PER_PAGE).unwrap_or(Limit::DEFAULT);
    let log = app.desk.audit_day(&visit.caller, &day, before, limit).await.map_err(failed)?;
    let page = pages::audit(&frame, &days, &day, &log);
    Ok(reply::page(&frame, page, &visit, request.headers()))
}
