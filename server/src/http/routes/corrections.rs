//! Corrections: their page, and `POST /news/{id}/corrections`.

use axum::extract::State;
use axum::http::header::{ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use gazette_app::pages;
use gazette_app::wire::StoryCorrections;
use gazette_domain::{FieldError, Limit, NewCorrection, PatchError, Story};
use serde_json::{Map, Value};

use crate::http::reply::{self, AppError};
use crate::http::request::{
    FeedParameters, IfMatch, JsonObject, PageQuery, RequestContext, Segment, SharedPage,
    current_tags, idempotency_key, run_detached, shortened, story_id,
};
use crate::http::state::AppState;

/// `GET /corrections`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<FeedParameters>,
) -> Result<Response, AppError> {
    let page = SharedPage::of(&app, &context);
    if let Some(cached) = page.cached().await {
        return Ok(cached);
    }
    let cursor = parameters.cursor.filter(|cursor| !cursor.is_empty());
    let cursor = cursor.map(|cursor| cursor.parse()).transpose()?;
    let shown = app.desk.corrections(SharedPage::READER, Limit::DEFAULT, cursor.as_ref()).await?;
    let first = cursor.is_none();
    Ok(page.make(|frame| pages::corrections(frame, &shown, first)).await)
}

/// `POST /news/{id}/corrections`: adds a correction. With an `Idempotency-Key` a repeated request
/// adds none.
pub(in crate::http) async fn add(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
    if_match: IfMatch,
    headers: HeaderMap,
    JsonObject(body): JsonObject,
) -> Result<Response, AppError> {
    let id = story_id(&id)?;
    let key = idempotency_key(&headers)?;
    let text = text_of(body)?;
    let desk = context.desk(&app);
    let version = match if_match {
        IfMatch::Absent => None,
        IfMatch::Any | IfMatch::Tags(_) => {
            let current = desk.story(&context.caller, id).await?;
            if !if_match.allows(current_tags(&app, &current).await?.iter()) {
                return Err(AppError::precondition_failed());
            }
            Some(current.version)
        }
    };
    let (caller, new) = (context.caller, NewCorrection { text, version, key });
    let story = run_detached(async move { desk.correct(&caller, id, new).await }).await?;
    corrected(&app, &story).await
}

/// Reads the only member of the body.
fn text_of(mut body: Map<String, Value>) -> Result<String, AppError> {
    let text = body.remove("text");
    if let Some(unknown) = body.keys().next() {
        let name = shortened(unknown);
        return Err(PatchError::Unknown { name, allowed: vec!["text"] }.into());
    }
    let rule = match text {
        Some(Value::String(text)) => return Ok(text),
        Some(Value::Null) | None => "must not be empty",
        Some(_) => "must be text",
    };
    let error = FieldError { field: "text", message: rule.to_owned() };
    Err(PatchError::Invalid(vec![error]).into())
}

async fn corrected(app: &AppState, story: &Story) -> Result<Response, AppError> {
    let body = serde_json::to_vec(&StoryCorrections::new(story, &app.site));
    let mut response = reply::private_json(body.map_err(AppError::internal)?);
    *response.status_mut() = StatusCode::CREATED;
    let tags = current_tags(app, story).await?;
    let location = format!("{}{}#corrections", app.site.public_url, story.teaser.path());
    for (name, value) in [(ETAG, tags.newsroom()), (LOCATION, location.as_str())] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response.into_response())
}
