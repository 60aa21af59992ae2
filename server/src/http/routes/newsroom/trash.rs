//! The trash: showing and restoring.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, Notice, Trash};
use gazette_domain::{DeskError, Endpoint, Limit, StoryId};
use serde::Deserialize;
use tokio::time::timeout;

use crate::http::reply::AppError;
use crate::http::request::{
    Form, PageQuery, RequestContext, job_id, run_detached, set_flash, story_ids, take_flash,
};
use crate::http::state::AppState;

/// The longest time that the response waits until all stories of a deletion are restored.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// Parameters of the page.
#[derive(Deserialize)]
pub(in crate::http) struct Parameters {
    cursor: Option<String>,
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
    /// `story` to continue at the page of the restored story.
    then: Option<String>,
}

/// `GET /desk/trash`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let notice = take_flash(context.session.as_ref()).await?;
    let notice = notice.or(parameters.selected.map(|_| Notice::NothingSelected));
    let cursor = parameters.cursor.map(|cursor| cursor.parse()).transpose()?;
    let page = app.desk.trash_page(&context.caller, Limit::MAX, cursor.as_ref()).await?;
    let summary = app.desk.trash_summary(&context.caller).await?;
    let trash = Trash { page, summary, first: cursor.is_none() };
    Ok(context.page(&app, |frame| pages::trash(frame, &trash, notice)).await)
}

/// `POST /desk/restore`: restores the selected stories, or those of one deletion of everything.
pub(in crate::http) async fn restore(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<RestoreFields>,
) -> Result<Response, AppError> {
    let job = fields.job.as_deref().map(job_id).transpose()?;
    let ids = story_ids(&fields.ids)?;
    if job.is_none() && ids.is_empty() {
        return Ok(
            Redirect::to(&format!("{}?selected=none", Endpoint::Trash.path())).into_response()
        );
    }
    let story = ids.first().copied().filter(|_| fields.then.as_deref() == Some("story"));
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let restoring = run_detached(async move {
        match job {
            Some(job) => desk.restore_job(&caller, job).await,
            None => desk.restore(&caller, &ids).await,
        }
    });
    let notice = match timeout(MAX_WAIT, restoring).await {
        Ok(restored) => Notice::Restored(restored?),
        Err(_) => Notice::Restoring,
    };
    tracing::info!(?notice, "stories restored from the trash");
    if let Some(path) = page_of(&app, &context, story).await? {
        return Ok(Redirect::to(&path).into_response());
    }
    set_flash(context.session.as_ref(), notice).await;
    Ok(Redirect::to(Endpoint::Trash.path()).into_response())
}

/// Returns the path of a restored story; `None` if it is not there any more.
async fn page_of(
    app: &AppState,
    context: &RequestContext,
    story: Option<StoryId>,
) -> Result<Option<String>, AppError> {
    let Some(story) = story else { return Ok(None) };
    match app.desk.story(&context.caller, story).await {
        Ok(story) => Ok(Some(story.teaser.path())),
        Err(DeskError::Gone | DeskError::Missing) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
