//! Permanent deletion of stories in the trash.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, Notice};
use gazette_domain::{Endpoint, Erasure, Limit};
use serde::Deserialize;
use tokio::time::timeout;

use crate::http::reply::AppError;
use crate::http::request::{
    Form, PageQuery, RequestContext, is_word, job_id, run_detached, set_flash, story_ids,
};
use crate::http::state::AppState;

/// Confirmation word for emptying the trash.
const CONFIRMATION: &str = "erase";
/// Stories that the page before the trash is emptied names at most.
const MAX_NAMED: usize = 20;
/// The longest time that the response waits for an erasure: one that takes longer has a page that
/// shows its progress.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// Fields of the form, and parameters of the confirmation page.
#[derive(Deserialize)]
pub(in crate::http) struct Selected {
    #[serde(rename = "id[]", default)]
    ids: Vec<String>,
    /// Id of the erasure, so that a form that is sent twice begins one.
    job: Option<String>,
}

/// Fields of the form that empties the trash, and parameters of its page.
#[derive(Deserialize)]
pub(in crate::http) struct EmptyFields {
    word: Option<String>,
    job: Option<String>,
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
    Ok(context.page(&app, |_| pages::erase(&entries, app.desk.new_job_id())).await)
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
    erase_by_job(&app, &context, selected.job.as_deref(), Erasure::Ids(ids)).await
}

/// `GET /desk/trash/empty`: asks for the word.
pub(in crate::http) async fn confirm_empty(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    empty_page(&app, &context, None).await
}

/// `POST /desk/trash/empty`: erases everything in the trash.
pub(in crate::http) async fn empty(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<EmptyFields>,
) -> Result<Response, AppError> {
    if !is_word(fields.word.as_deref(), CONFIRMATION) {
        let typed = fields.word.unwrap_or_default();
        let mut response = empty_page(&app, &context, Some(typed)).await?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    erase_by_job(&app, &context, fields.job.as_deref(), Erasure::All).await
}

/// Begins to erase. A long job continues after the response, which links to its progress.
async fn erase_by_job(
    app: &AppState,
    context: &RequestContext,
    job: Option<&str>,
    erasure: Erasure,
) -> Result<Response, AppError> {
    let (desk, caller) = (context.desk(app), context.caller.clone());
    let job = job.map(job_id).transpose()?.unwrap_or_else(|| desk.new_job_id());
    let begun = run_detached(async move { desk.begin_erasure(&caller, job, &erasure).await });
    let begun = begun.await?;
    let is_repeated = begun.is_repeated();
    match timeout(MAX_WAIT, run_detached(begun.run())).await {
        Ok(Ok(erased)) if !is_repeated => {
            tracing::info!(erased, "stories erased from the trash");
            set_flash(context.session.as_ref(), Notice::Erased(erased)).await;
            return Ok(Redirect::to(Endpoint::Trash.path()).into_response());
        }
        // The background task continues it, as its page says.
        Ok(Err(error)) => error.log(),
        Ok(Ok(_)) | Err(_) => {}
    }
    Ok(Redirect::to(&Endpoint::ErasureProgress.path_with(job)).into_response())
}

async fn empty_page(
    app: &AppState,
    context: &RequestContext,
    wrong_word: Option<String>,
) -> Result<Response, AppError> {
    let summary = app.desk.trash_summary(&context.caller).await?;
    let limit = Limit::try_from(MAX_NAMED).unwrap_or(Limit::DEFAULT);
    let latest = app.desk.trash(&context.caller, limit).await?;
    let count = summary.stories.max(latest.len());
    let job = app.desk.new_job_id();
    Ok(context.page(app, |_| pages::empty_trash(&latest, count, job, wrong_word)).await)
}

fn none_selected() -> Response {
    Redirect::to(&format!("{}?selected=none", Endpoint::Trash.path())).into_response()
}
