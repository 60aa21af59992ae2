//! Writing stories as a program: `POST /news` and `PUT /news/{id}`.

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use gazette_domain::{
    DeskError, FieldError, IdempotencyKey, Slug, Status, Story, StoryId, StoryPatch,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::http::reply::{self, AppError};
use crate::http::request::{
    IfMatch, JsonObject, RequestContext, Segment, current_tags, run_detached,
};
use crate::http::state::AppState;
use crate::markdown::RenderError;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const FIELDS: &str = "headline, body, summary, section, tags, publish_at, status, slug";

/// `POST /news`: creates a story. With an `Idempotency-Key` a repeated request finds the same one.
pub(in crate::http) async fn create(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
    JsonObject(body): JsonObject,
) -> Result<Response, AppError> {
    let key = idempotency_key(&headers)?;
    let (mut patch, excerpt) = read_patch(&app, body).await?;
    if patch.summary.is_none() {
        patch.summary = excerpt;
    }
    let (desk, caller) = (context.desk(&app), context.caller);
    let written = run_detached(async move { desk.write(&caller, patch, key.as_ref()).await });
    let story = written.await?;
    let mut response = written_story(&app, &story).await?;
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
    JsonObject(body): JsonObject,
) -> Result<Response, AppError> {
    let id: StoryId = id.parse()?;
    if matches!(if_match, IfMatch::Absent) {
        // RFC 6585 §3.
        let message = "If-Match is missing. Give the ETag of the version to replace.";
        return Err(AppError::told(StatusCode::PRECONDITION_REQUIRED, message));
    }
    let (mut patch, excerpt) = read_patch(&app, body).await?;
    let desk = context.desk(&app);
    let Some(current) = desk.story(&context.caller, id).await? else {
        // The desk tells a deleted story from one that never was.
        let refused = desk.revise(&context.caller, id, 0, patch).await;
        return Err(refused.err().map_or_else(AppError::not_found, AppError::from));
    };
    if !if_match.allows(current_tags(&app, &current).await?.iter()) {
        return Err(AppError::precondition_failed());
    }
    if patch.summary.is_none() {
        patch.summary = new_summary(&app, &current, excerpt).await;
    }
    let caller = context.caller;
    let version = current.version;
    let revised = run_detached(async move { desk.revise(&caller, id, version, patch).await });
    written_story(&app, &revised.await?).await
}

/// Returns the excerpt of a new body as the summary, if the one before was the excerpt of the body
/// before.
async fn new_summary(app: &AppState, current: &Story, excerpt: Option<String>) -> Option<String> {
    let before = app.body_renderer.render(&current.body).await;
    let was_generated =
        before.rendered().is_ok_and(|rendered| rendered.excerpt == current.teaser.summary);
    excerpt.filter(|_| was_generated)
}

async fn written_story(app: &AppState, story: &Story) -> Result<Response, AppError> {
    let html = app.body_renderer.render(&story.body).await;
    reply::newsroom_story(story, &html, &app.site.public_url, app.clock.now())
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, AppError> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).into_iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => Ok(Some(IdempotencyKey::new(value.to_str().unwrap_or_default())?)),
        (Some(_), Some(_)) => Err(AppError::bad_request("Idempotency-Key is repeated.")),
    }
}

/// Reads the fields of a story and names every one that cannot be read. Returns the excerpt of the
/// body too.
async fn read_patch(
    app: &AppState,
    body: Map<String, Value>,
) -> Result<(StoryPatch, Option<String>), AppError> {
    let mut fields = Fields { members: body, errors: Vec::new() };
    let patch = StoryPatch {
        headline: fields.take("headline", "must be text"),
        body: fields.take("body", "must be text"),
        summary: fields.take("summary", "must be text"),
        section: fields.take("section", "must be text"),
        tags: fields.take("tags", "must be a list of names"),
        publish_at: fields
            .take::<Timestamp>("publish_at", "must be a time such as 2026-11-21T09:00:00Z"),
        status: fields.take::<Status>("status", "must be draft or published"),
        slug: fields.take::<Slug>("slug", "must be 1 to 100 of a-z, 0-9 and single hyphens"),
    };
    let mut excerpt = None;
    if let Some(body) = &patch.body {
        match app.body_renderer.render(body).await.rendered() {
            Ok(rendered) => excerpt = Some(rendered.excerpt.clone()),
            // The desk finds this, and other broken rules with it.
            Err(RenderError::TooLong(_)) => {}
            Err(error) => fields.error("body", error.to_string()),
        }
    }
    fields.finish(patch).map(|patch| (patch, excerpt))
}

/// Members of a body, and what is wrong with them.
struct Fields {
    members: Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Fields {
    /// Takes the value of a field; `null` is the same as omitting it.
    fn take<T: DeserializeOwned>(&mut self, name: &'static str, rule: &str) -> Option<T> {
        let value = self.members.remove(name).filter(|value| !value.is_null())?;
        let value = serde_json::from_value(value);
        if value.is_err() {
            self.error(name, rule.to_owned());
        }
        value.ok()
    }

    fn error(&mut self, field: &'static str, message: String) {
        self.errors.push(FieldError { field, message });
    }

    fn finish(self, patch: StoryPatch) -> Result<StoryPatch, AppError> {
        if let Some(unknown) = self.members.keys().next() {
            let unknown: String = unknown.chars().take(40).collect();
            return Err(AppError::unprocessable(
                format!("Unknown field `{unknown}`. Allowed: {FIELDS}."),
                &self.errors,
            ));
        }
        if self.errors.is_empty() {
            return Ok(patch);
        }
        let error = DeskError::Unacceptable(self.errors.clone());
        Err(AppError::unprocessable(error.to_string(), &self.errors))
    }
}
