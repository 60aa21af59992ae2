//! The corrections of a story: their list, and the form that adds one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, CorrectionForm, Notice};
use gazette_domain::{DeskError, Endpoint, IdempotencyKey, NewCorrection, StoryId};
use serde::Deserialize;

use crate::clock::new_id;
use crate::http::reply::AppError;
use crate::http::request::{
    Form, RequestContext, Segment, run_detached, set_flash, story_id, take_flash,
};
use crate::http::state::AppState;

/// Fields of the form.
#[derive(Deserialize)]
pub(in crate::http) struct Fields {
    #[serde(default)]
    text: String,
    #[serde(default)]
    key: String,
    /// Step of the page; absent to publish at once.
    #[serde(default)]
    confirm: String,
}

/// `GET /desk/{id}/corrections`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    let notice = take_flash(context.session.as_ref()).await?;
    let form = CorrectionForm { key: new_id().to_string(), ..CorrectionForm::default() };
    show(&app, &context, story_id(&id)?, &form, notice).await
}

/// `POST /desk/{id}/corrections`: adds a correction.
pub(in crate::http) async fn add(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let id = story_id(&id)?;
    let Fields { text, key, confirm } = fields;
    let is_typed = !text.trim().is_empty();
    if confirm == pages::CHANGE || (confirm == pages::ASK && is_typed) {
        let form = CorrectionForm { text, key, error: None };
        if confirm == pages::CHANGE {
            return show(&app, &context, id, &form, None).await;
        }
        let story = app.desk.story(&context.caller, id).await?;
        if story.is_public(app.clock.now()) {
            return Ok(context.page(&app, |_| pages::confirm_correction(&story, &form)).await);
        }
        return show(&app, &context, id, &form, None).await;
    }
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let key_of_form = IdempotencyKey::new(&key).ok();
    let new = NewCorrection { text: text.clone(), version: None, key: key_of_form };
    let adding = async move {
        match desk.correct(&caller, id, new).await {
            Ok(_) => Ok(None),
            Err(error @ (DeskError::Unacceptable(_) | DeskError::NotPublic)) => Ok(Some(error)),
            Err(error) => Err(error),
        }
    };
    let (status, error) = match run_detached(adding).await? {
        None => {
            set_flash(context.session.as_ref(), Notice::Corrected).await;
            let path = Endpoint::CorrectStory.path_with(id);
            return Ok(Redirect::to(&path).into_response());
        }
        Some(DeskError::Unacceptable(errors)) => {
            let reasons: Vec<_> = errors.into_iter().map(|error| error.message).collect();
            let error = format!("The correction {}.", reasons.join(", and "));
            (StatusCode::UNPROCESSABLE_ENTITY, error)
        }
        Some(error) => (StatusCode::CONFLICT, error.to_string()),
    };
    let form = CorrectionForm { text, key, error: Some(error) };
    let mut response = show(&app, &context, id, &form, None).await?;
    *response.status_mut() = status;
    Ok(response)
}

async fn show(
    app: &AppState,
    context: &RequestContext,
    id: StoryId,
    form: &CorrectionForm,
    notice: Option<Notice>,
) -> Result<Response, AppError> {
    let story = app.desk.story(&context.caller, id).await?;
    Ok(context.page(app, |frame| pages::story_corrections(frame, &story, form, notice)).await)
}
