//! Permanent deletion of stories in the trash.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, Notice};
use gazette_domain::Endpoint;
use serde::Deserialize;
use tokio::time::timeout;

use crate::http::reply::AppError;
use crate::http::request::{Form, PageQuery, RequestContext, run_detached, set_flash, story_ids};
use crate::http::state::AppState;

/// Confirmation word for emptying the trash.
const CONFIRMATION: &str = "erase";
/// The longest time that the response waits until the trash is empty.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// Fields of the form, and parameters of the confirmation page.
#[derive(Deserialize)]
pub(in crate::http) struct Selected {
    #[serde(rename = "id[]", default)]
    ids: Vec<String>,
}

/// Fields of the form that empties the trash, and parameters of its page.
#[derive(Deserialize)]
pub(in crate::http) struct EmptyFields {
    word: Option<String>,
}

/// `GET /desk/trash/erase`: shows the stories that would be erased.
pub(in crate::http) async fn confirm(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(selected): PageQuery<Selected>,
) -> Result<Response, AppError> {
    let ids = story_ids(&selected.ids)?;
    let entries = app.desk.trash_entries(&context.caller, &ids).await?;
    if entries.is_empty() {
        return Ok(none_selected());
    }
    Ok(context.page(&app, |_| pages::erase(&entries)).await)
}

/// `POST /desk/trash/erase`: erases the selected stories.
pub(in crate::http) async fn erase(
    State(app): State<AppState>,
    context: RequestContext,
    Form(selected): Form<Selected>,
) -> Result<Response, AppError> {
    let ids = story_ids(&selected.ids)?;
    if ids.is_empty() {
        return Ok(none_selected());
    }
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let erased = run_detached(async move { desk.erase(&caller, &ids).await }).await?;
    tracing::info!(erased, "stories erased from the trash");
    set_flash(context.session.as_ref(), Notice::Erased(erased)).await;
    Ok(Redirect::to(Endpoint::Trash.path()).into_response())
}

/// `GET /desk/trash/empty`: asks for the word.
pub(in crate::http) async fn confirm_empty(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    empty_page(&app, &context, false).await
}

/// `POST /desk/trash/empty`: erases everything in the trash.
pub(in crate::http) async fn empty(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<EmptyFields>,
) -> Result<Response, AppError> {
    if fields.word.as_deref().map(str::trim) != Some(CONFIRMATION) {
        let mut response = empty_page(&app, &context, true).await?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let erasing = run_detached(async move { desk.empty_trash(&caller).await });
    let notice = match timeout(MAX_WAIT, erasing).await {
        Ok(erased) => Notice::Erased(erased?),
        Err(_) => Notice::Erasing,
    };
    tracing::info!(?notice, "trash emptied");
    set_flash(context.session.as_ref(), notice).await;
    Ok(Redirect::to(Endpoint::Trash.path()).into_response())
}

async fn empty_page(
    app: &AppState,
    context: &RequestContext,
    wrong_word: bool,
) -> Result<Response, AppError> {
    let summary = app.desk.trash_summary(&context.caller).await?;
    Ok(context.page(app, |_| pages::empty_trash(summary.stories, wrong_word)).await)
}

fn none_selected() -> Response {
    Redirect::to(&format!("{}?selected=none", Endpoint::Trash.path())).into_response()
}
