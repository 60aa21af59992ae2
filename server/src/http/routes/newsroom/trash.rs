//! The trash: showing, restoring, emptying.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, Notice};
use gazette_domain::{Endpoint, JobId, Limit};
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{
    Form, PageQuery, RequestContext, run_detached, set_flash, story_ids, take_flash,
};
use crate::http::state::AppState;

/// Confirmation word for emptying the trash.
const CONFIRMATION: &str = "erase";

/// Parameters of the page.
#[derive(Deserialize)]
pub(in crate::http) struct Parameters {
    /// Set after a form was sent without a selection.
    selected: Option<String>,
}

/// Fields of the form that restores.
#[derive(Deserialize)]
pub(in crate::http) struct RestoreFields {
    #[serde(rename = "id[]", default)]
    ids: Vec<String>,
    /// Deletion of everything that is taken back as one.
    job: Option<String>,
}

/// Fields of the form that empties the trash.
#[derive(Deserialize)]
pub(in crate::http) struct EmptyFields {
    word: Option<String>,
}

/// `GET /desk/trash`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let notice = take_flash(context.session.as_ref()).await?;
    let notice = notice.or(parameters.selected.map(|_| Notice::NothingSelected));
    show(&app, &context, notice).await
}

/// `POST /desk/restore`: restores the selected stories, or those of one deletion of everything.
pub(in crate::http) async fn restore(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<RestoreFields>,
) -> Result<Response, AppError> {
    let job = fields.job.map(|job| job.parse::<JobId>()).transpose();
    let unknown = "Unknown deletion. Reload the page and try again.";
    let job = job.map_err(|_| AppError::bad_request(unknown))?;
    let ids = story_ids(&fields.ids)?;
    if job.is_none() && ids.is_empty() {
        return Ok(
            Redirect::to(&format!("{}?selected=none", Endpoint::Trash.path())).into_response()
        );
    }
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let restored = run_detached(async move {
        match job {
            Some(job) => desk.restore_job(&caller, job).await,
            None => desk.restore(&caller, &ids).await,
        }
    });
    let restored = restored.await?;
    tracing::info!(restored, "stories restored from the trash");
    set_flash(context.session.as_ref(), Notice::Restored(restored)).await;
    Ok(Redirect::to(Endpoint::Trash.path()).into_response())
}

/// `POST /desk/trash/empty`: erases everything in the trash.
pub(in crate::http) async fn empty(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<EmptyFields>,
) -> Result<Response, AppError> {
    if fields.word.as_deref().map(str::trim) != Some(CONFIRMATION) {
        let mut response = show(&app, &context, Some(Notice::WrongWord)).await?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let erased = run_detached(async move { desk.empty_trash(&caller).await }).await?;
    tracing::info!(erased, "trash emptied");
    set_flash(context.session.as_ref(), Notice::Erased(erased)).await;
    Ok(Redirect::to(Endpoint::Trash.path()).into_response())
}

async fn show(
    app: &AppState,
    context: &RequestContext,
    notice: Option<Notice>,
) -> Result<Response, AppError> {
    let entries = app.desk.trash(&context.caller, Limit::MAX).await?;
    Ok(context.page(app, |frame| pages::trash(frame, &entries, notice)).await)
}
