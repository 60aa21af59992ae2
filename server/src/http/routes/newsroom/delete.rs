//! Moving stories to the trash from the newsroom.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, DeleteForm, ListNotice, ToDelete};
use gazette_domain::{Endpoint, JobId, RemovalReason, RemovalReasonError};
use serde::Deserialize;
use tokio::time::timeout;

use crate::http::reply::AppError;
use crate::http::request::{
    Form, PageQuery, RequestContext, is_word, job_id, move_to_trash, run_detached, set_flash,
    story_ids,
};
use crate::http::state::AppState;

/// Confirmation word for deleting all stories.
const CONFIRMATION: &str = "delete";
/// The longest time that the response waits for a deletion of all stories: one that takes longer
/// has a page that shows its progress.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// Fields of the form, and parameters of the confirmation page.
#[derive(Deserialize)]
pub(in crate::http) struct Fields {
    #[serde(rename = "id[]", default)]
    ids: Vec<String>,
    /// `yes` for every published story.
    all: Option<String>,
    word: Option<String>,
    /// Id of the deletion of all stories, so that a form that is sent twice begins one.
    job: Option<String>,
    /// Text that the pages of the stories show.
    reason: Option<String>,
}

/// Errors of the fields that the page shows beside them.
#[derive(Default)]
struct Errors {
    wrong_word: bool,
    reason: Option<RemovalReasonError>,
}

impl Fields {
    fn is_all(&self) -> bool {
        self.all.as_deref() == Some("yes")
    }

    fn reason(&self) -> &str {
        self.reason.as_deref().unwrap_or_default()
    }

    /// Checks what was typed.
    fn check(&self) -> Result<Option<RemovalReason>, Errors> {
        let wrong_word = self.is_all() && !is_word(self.word.as_deref(), CONFIRMATION);
        match RemovalReason::new(self.reason()) {
            Ok(reason) if !wrong_word => Ok(reason),
            reason => Err(Errors { wrong_word, reason: reason.err() }),
        }
    }
}

/// `GET /desk/delete`: shows the confirmation page.
pub(in crate::http) async fn confirm(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(fields): PageQuery<Fields>,
) -> Result<Response, AppError> {
    confirmation_page(&app, &context, &fields, Errors::default()).await
}

/// `POST /desk/delete`: deletes and returns to the list; for all stories, to the page of the
/// deletion.
pub(in crate::http) async fn delete(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let reason = match fields.check() {
        Ok(reason) => reason,
        Err(errors) => {
            let mut response = confirmation_page(&app, &context, &fields, errors).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(response);
        }
    };
    if fields.is_all() {
        let job = fields.job.as_deref().map(job_id).transpose()?;
        return delete_all(&app, &context, job, reason).await;
    }
    let ids = story_ids(&fields.ids)?;
    let ids = move_to_trash(&app, &context, ids, reason).await?;
    set_flash(context.session.as_ref(), ListNotice::Trashed(ids)).await;
    Ok(Redirect::to(Endpoint::Desk.path()).into_response())
}

/// Begins the deletion of all stories, which goes on after the response.
async fn delete_all(
    app: &AppState,
    context: &RequestContext,
    job: Option<JobId>,
    reason: Option<RemovalReason>,
) -> Result<Response, AppError> {
    let (desk, caller) = (context.desk(app), context.caller.clone());
    let job = job.unwrap_or_else(|| desk.new_job_id());
    let deletion =
        run_detached(async move { desk.begin_delete_all(&caller, job, reason.as_ref()).await });
    let deletion = deletion.await?;
    if let Ok(Err(error)) = timeout(MAX_WAIT, run_detached(deletion.run())).await {
        // The background task continues it, as its page says.
        error.log();
    }
    Ok(Redirect::to(&Endpoint::DeletionProgress.path_with(job)).into_response())
}

async fn confirmation_page(
    app: &AppState,
    context: &RequestContext,
    fields: &Fields,
    errors: Errors,
) -> Result<Response, AppError> {
    let stories = if fields.is_all() {
        let sections = app.desk.published_by_section(&context.caller).await?;
        let job = app.desk.new_job_id();
        let wrong_word = errors.wrong_word.then(|| fields.word.clone().unwrap_or_default());
        ToDelete::All { sections, job, wrong_word }
    } else {
        let ids = story_ids(&fields.ids)?;
        let stories = app.desk.teasers(&context.caller, &ids).await?;
        if stories.is_empty() {
            return Ok(
                Redirect::to(&format!("{}?selected=none", Endpoint::Desk.path())).into_response()
            );
        }
        let is_public = app.desk.any_was_public(&context.caller, &ids).await?;
        ToDelete::Selected { stories, is_public }
    };
    let form = DeleteForm {
        stories,
        reason: fields.reason().to_owned(),
        reason_error: errors.reason.map(|error| error.to_string()),
    };
    Ok(context.page(app, |_| pages::delete(&form)).await)
}
