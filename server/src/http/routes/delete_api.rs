//! Deleting stories as a program: `DELETE /news` and `DELETE /news/{id}`.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use gazette_domain::{DeskError, RemovalReason, Selection};
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{
    IfMatch, Query, RequestContext, Segment, call_server_function, current_tags, run_detached,
    story_id,
};
use crate::http::state::AppState;

/// Parameters of `DELETE /news`, which the server function reads itself.
#[derive(Deserialize)]
pub(in crate::http) struct DeleteParameters {
    #[serde(rename = "ids")]
    _ids: Option<String>,
    #[serde(rename = "reason")]
    _reason: Option<String>,
}

/// Parameters of `DELETE /news/{id}`.
#[derive(Deserialize)]
pub(in crate::http) struct DeleteOneParameters {
    reason: Option<String>,
}

/// `DELETE /news`: the server function `delete_news`.
pub(in crate::http) async fn delete_many(
    State(app): State<AppState>,
    context: RequestContext,
    _: Query<DeleteParameters>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, AppError> {
    // Many stories have many versions, and none of them is that of all news.
    if matches!(if_match, IfMatch::Tags(_)) {
        let message = "If-Match cannot be used to delete several stories. Omit it, or delete one \
                       story at `/news/{id}`.";
        return Err(AppError::with_message(StatusCode::PRECONDITION_FAILED, message));
    }
    // Deleting all stories takes a while, and continues if the client disconnects.
    let json = run_detached(async move { call_server_function(&app, &context, request).await });
    Ok(([(CONTENT_TYPE, "application/json")], json.await?).into_response())
}

/// `DELETE /news/{id}`: 404 if there is no such story.
pub(in crate::http) async fn delete_one(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
    Query(parameters): Query<DeleteOneParameters>,
    if_match: IfMatch,
) -> Result<Response, AppError> {
    let id = story_id(&id)?;
    let reason = RemovalReason::new(parameters.reason.as_deref().unwrap_or_default())?;
    let desk = context.desk(&app);
    let selection = match if_match {
        IfMatch::Absent | IfMatch::Any => Selection::Ids(vec![id]),
        IfMatch::Tags(_) => {
            let story = match desk.story(&context.caller, id).await {
                Err(DeskError::Gone) => return Err(AppError::not_found()),
                story => story?,
            };
            if !if_match.allows(current_tags(&app, &story).await?.iter()) {
                return Err(AppError::precondition_failed());
            }
            Selection::Version(id, story.version)
        }
    };
    let caller = context.caller;
    let deleted =
        run_detached(
            async move { desk.delete_because(&caller, &selection, reason.as_ref()).await },
        );
    match deleted.await? {
        0 => Err(AppError::not_found()),
        _ => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}
