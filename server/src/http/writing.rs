//! Writing news as a program: `POST /news` and `PUT /news/{id}`.

use axum::Extension;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::header::{CONTENT_TYPE, IF_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use gazette_app::wire::NewsroomStory;
use gazette_domain::{
    Action, DeskError, FieldError, IdempotencyKey, Slug, Status, Story, StoryId, StoryPatch,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::http::caller::RequestContext;
use crate::http::change::run;
use crate::http::error::AppError;
use crate::http::extract::{JsonBody, Segment};
use crate::http::reply::{self, IfMatch};
use crate::http::state::AppState;
use crate::markdown;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const FIELDS: &str = "headline, body, summary, section, tags, publish_at, status, slug";

/// `POST /news`: a new story; with an `Idempotency-Key` the same request again finds the same one.
pub(super) async fn create(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, AppError> {
    // Who may not write is told so before the body is looked at.
    context.require(app.desk.policy(), Action::WriteNews)?;
    let JsonBody(body) = JsonBody::from_request(request, &app).await?;
    let key = idempotency_key(&headers)?;
    let mut patch = patch(body)?;
    if patch.summary.is_none() {
        patch.summary = patch.body.as_deref().map(markdown::excerpt);
    }
    let desk = context.desk(&app);
    let written = run(desk, {
        let caller = context.caller.clone();
        move |desk| async move { desk.write(&caller, patch, key.as_ref()).await }
    });
    let story = written.await?.map_err(|error| AppError::desk(&error, &context))?;
    let mut response = written_story(&app, &story).await?;
    *response.status_mut() = StatusCode::CREATED;
    let location = format!("{}{}", app.site.public_url, story.teaser.path());
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// `PUT /news/{id}`: the next version of a story. What the body leaves away base as it is.
pub(super) async fn replace(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    Segment(name): Segment,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, AppError> {
    // Who may not write is told so before the body is looked at.
    context.require(app.desk.policy(), Action::WriteNews)?;
    let JsonBody(body) = JsonBody::from_request(request, &app).await?;
    let id: StoryId =
        name.parse().map_err(|error| AppError::bad_request(format!("id: {error}")))?;
    if !headers.contains_key(IF_MATCH) {
        return Err(AppError::precondition_required());
    }
    let mut patch = patch(body)?;
    let failed = |error: DeskError| AppError::desk(&error, &context);
    let desk = context.desk(&app);
    let current = desk.story(&context.caller, id).await.map_err(failed)?;
    let version = match IfMatch::of(&headers) {
        IfMatch::Version(version) => version,
        IfMatch::Nothing => return Err(AppError::precondition_failed()),
        IfMatch::Anything => current.as_ref().ok_or_else(AppError::not_found)?.version,
    };
    if patch.summary.is_none() {
        patch.summary = current.and_then(|current| following_summary(&current, &patch));
    }
    let revised = run(desk, {
        let caller = context.caller.clone();
        move |desk| async move { desk.revise(&caller, id, version, patch).await }
    });
    let story = revised.await?.map_err(failed)?;
    written_story(&app, &story).await
}

/// The summary of a new body, where the one before was made of the body before.
fn following_summary(current: &Story, patch: &StoryPatch) -> Option<String> {
    let was_made = current.teaser.summary == markdown::excerpt(&current.body);
    patch.body.as_deref().filter(|_| was_made).map(markdown::excerpt)
}

async fn written_story(app: &AppState, story: &Story) -> Result<Response, AppError> {
    let body = story.body.clone();
    // A long story takes a while, which must not hold up other requests.
    let html = tokio::task::spawn_blocking(move || markdown::to_html(&body));
    let html = html.await.map_err(|error| AppError::internal(&error))?;
    let shown = NewsroomStory::new(story, html, &app.site.public_url, app.clock.now());
    let body = serde_json::to_vec(&shown).map_err(|error| AppError::internal(&error))?;
    Ok(reply::private_version(story.version, body))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, AppError> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).into_iter();
    let Some(value) = values.next() else { return Ok(None) };
    let one = values.next().is_none();
    let key = value.to_str().ok().filter(|_| one).and_then(|key| IdempotencyKey::new(key).ok());
    let message = "an Idempotency-Key has 1 to 255 visible ASCII characters and stands once";
    key.map(Some).ok_or_else(|| AppError::bad_request(message))
}

/// Whether the header of a body says that it is JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// Reads a story; every field that cannot be read is named.
fn patch(body: Map<String, Value>) -> Result<StoryPatch, AppError> {
    let mut fields = Fields { left: body, faults: Vec::new() };
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
    if let Some(Err(error)) = patch.body.as_deref().map(markdown::check) {
        fields.fault("body", error.to_string());
    }
    fields.finish(patch)
}

/// The fields of a body, and what is wrong with them.
struct Fields {
    left: Map<String, Value>,
    faults: Vec<FieldError>,
}

impl Fields {
    /// The value of a field; `null` is the same as leaving it away.
    fn take<T: DeserializeOwned>(&mut self, name: &'static str, rule: &str) -> Option<T> {
        let value = self.left.remove(name).filter(|value| !value.is_null())?;
        let value = serde_json::from_value(value);
        if value.is_err() {
            self.fault(name, rule.to_owned());
        }
        value.ok()
    }

    fn fault(&mut self, field: &'static str, message: String) {
        self.faults.push(FieldError { field, message });
    }

    fn finish(self, patch: StoryPatch) -> Result<StoryPatch, AppError> {
        if let Some(unknown) = self.left.keys().next() {
            let unknown: String = unknown.chars().take(40).collect();
            return Err(AppError::unprocessable(
                format!("{unknown} is no field of a story; there are: {FIELDS}"),
                &self.faults,
            ));
        }
        if self.faults.is_empty() {
            return Ok(patch);
        }
        let error = DeskError::Unacceptable(self.faults.clone());
        Err(AppError::unprocessable(error.to_string(), &self.faults))
    }
}
