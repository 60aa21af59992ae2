//! Writing stories as a program: `POST /news` and `PUT /news/{id}`.

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use gazette_domain::{DeskError, FieldError, Story, StoryPatch};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::http::editorial;
use crate::http::reply::{self, AppError};
use crate::http::request::{
    IfMatch, JsonObject, Query, RequestContext, Segment, current_tags, idempotency_key,
    locate_image, run_detached, story_id,
};
use crate::http::state::AppState;
use crate::markdown::RenderError;

/// Parameters of a story that is written.
#[derive(Deserialize)]
pub(in crate::http) struct Parameters {
    /// `editorial` to refuse what the editor would ask about.
    checks: Option<String>,
}

impl Parameters {
    fn wants_checks(&self) -> Result<bool, AppError> {
        match self.checks.as_deref() {
            None => Ok(false),
            Some("editorial") => Ok(true),
            Some(_) => Err(AppError::bad_request("checks must be `editorial`, or omitted.")),
        }
    }
}

/// `POST /news`: creates a story. With an `Idempotency-Key` a repeated request finds the same one.
pub(in crate::http) async fn create(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
    Query(parameters): Query<Parameters>,
    JsonObject(body): JsonObject,
) -> Result<Response, AppError> {
    let wants_checks = parameters.wants_checks()?;
    let key = idempotency_key(&headers)?;
    let (mut patch, excerpt) = read_patch(&app, body).await?;
    locate_image(&app, &context.caller, &mut patch).await?;
    if patch.summary.is_none() {
        patch.is_summary_made = excerpt.is_some();
        patch.summary = excerpt;
    }
    let found = editorial::check(&app, &context.caller, None, &patch).await?;
    refuse(wants_checks, &found)?;
    let (desk, caller) = (context.desk(&app), context.caller);
    let written = run_detached(async move { desk.write(&caller, patch, key.as_ref()).await });
    let story = written.await?;
    let mut response = written_story(&app, &story, &found).await?;
    *response.status_mut() = StatusCode::CREATED;
    let location = format!("{}{}", app.site.public_url, story.teaser.path());
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// `PUT /news/{id}`: writes the next version of a story. Members that the body omits stay.
pub(in crate::http) async fn replace(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
    if_match: IfMatch,
    Query(parameters): Query<Parameters>,
    JsonObject(body): JsonObject,
) -> Result<Response, AppError> {
    let wants_checks = parameters.wants_checks()?;
    let id = story_id(&id)?;
    if matches!(if_match, IfMatch::Absent) {
        // RFC 6585 §3.
        let message = "If-Match is missing. Send the ETag of the version to replace.";
        return Err(AppError::with_message(StatusCode::PRECONDITION_REQUIRED, message));
    }
    let (mut patch, excerpt) = read_patch(&app, body).await?;
    locate_image(&app, &context.caller, &mut patch).await?;
    let desk = context.desk(&app);
    let current = desk.story(&context.caller, id).await?;
    if !if_match.allows(current_tags(&app, &current).await?.iter()) {
        return Err(AppError::precondition_failed());
    }
    if patch.summary.is_none() {
        patch.summary = new_summary(&app, &current, excerpt).await;
        patch.is_summary_made = patch.summary.is_some();
    }
    let caller = context.caller;
    let found = editorial::check(&app, &caller, Some(&current), &patch).await?;
    refuse(wants_checks, &found)?;
    let version = current.version;
    let revised = run_detached(async move { desk.revise(&caller, id, version, patch).await });
    written_story(&app, &revised.await?, &found).await
}

/// Returns the excerpt of a new body as the summary, if the one before was the excerpt of the body
/// before.
async fn new_summary(app: &AppState, current: &Story, excerpt: Option<String>) -> Option<String> {
    let before = app.body_renderer.render(&current.body).await;
    let was_generated =
        before.rendered().is_ok_and(|rendered| rendered.excerpt == current.teaser.summary);
    excerpt.filter(|_| was_generated)
}

async fn written_story(
    app: &AppState,
    story: &Story,
    warnings: &[FieldError],
) -> Result<Response, AppError> {
    let html = app.body_renderer.render(&story.body).await;
    reply::written_story(story, &html, &app.site, app.clock.now(), warnings)
}

/// Refuses what the editorial checks found, if the request asks for that.
fn refuse(wants_checks: bool, found: &[FieldError]) -> Result<(), AppError> {
    if wants_checks && !found.is_empty() {
        return Err(DeskError::Unacceptable(found.to_vec()).into());
    }
    Ok(())
}

/// Reads the fields of a story and reports every invalid one. Returns the excerpt of the body too.
async fn read_patch(
    app: &AppState,
    body: Map<String, Value>,
) -> Result<(StoryPatch, Option<String>), AppError> {
    let patch = StoryPatch::from_json(body)?;
    let Some(body) = &patch.body else { return Ok((patch, None)) };
    let excerpt = match app.body_renderer.render(body).await.rendered() {
        Ok(rendered) => Some(rendered.excerpt.clone()),
        // The desk finds this, and other broken rules with it.
        Err(RenderError::TooLong(_)) => None,
        Err(error @ RenderError::NoThread) => {
            return Err(AppError::unavailable("The server is busy. Try again in a moment.", error));
        }
        Err(error) => {
            let error = FieldError { field: "body", message: error.to_string() };
            return Err(DeskError::Unacceptable(vec![error]).into());
        }
    };
    Ok((patch, excerpt))
}
