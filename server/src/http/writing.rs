//! Writing news as a program: `POST /news` and `PUT /news/{id}`.

use axum::Extension;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::header::{CONTENT_TYPE, IF_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use gazette_app::wire::WrittenArticle;
use gazette_domain::{
    Action, Article, ArticleId, DeskError, Edit, FieldFault, IdempotencyKey, Slug, Status,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::http::caller::Visit;
use crate::http::change::run;
use crate::http::extract::{JsonBody, Segment};
use crate::http::failure::Failure;
use crate::http::reply::{self, IfMatch};
use crate::http::state::AppState;
use crate::markdown;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const FIELDS: &str = "headline, body, summary, section, tags, publish_at, status, slug";

/// `POST /news`: a new story; with an `Idempotency-Key` the same request again finds the same one.
pub(super) async fn create(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Failure> {
    // Who may not write is told so before the body is looked at.
    visit.require(app.desk.policy(), Action::WriteNews)?;
    let JsonBody(body) = JsonBody::from_request(request, &app).await?;
    let key = idempotency_key(&headers)?;
    let mut edit = edit(body)?;
    if edit.summary.is_none() {
        edit.summary = edit.body.as_deref().map(markdown::excerpt);
    }
    let desk = visit.desk(&app);
    let written = run(desk, {
        let caller = visit.caller.clone();
        move |desk| async move { desk.write(&caller, edit, key.as_ref()).await }
    });
    let article = written.await?.map_err(|error| Failure::desk(&error, &visit))?;
    let mut response = written_story(&app, &article).await?;
    *response.status_mut() = StatusCode::CREATED;
    let location = format!("{}{}", app.site.public_url, article.card.path());
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// `PUT /news/{id}`: the next version of a story. What the body leaves away stays as it is.
pub(super) async fn replace(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    Segment(name): Segment,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Failure> {
    // Who may not write is told so before the body is looked at.
    visit.require(app.desk.policy(), Action::WriteNews)?;
    let JsonBody(body) = JsonBody::from_request(request, &app).await?;
    let id: ArticleId =
        name.parse().map_err(|error| Failure::bad_request(format!("id: {error}")))?;
    if !headers.contains_key(IF_MATCH) {
        return Err(Failure::precondition_required());
    }
    let mut edit = edit(body)?;
    let failed = |error: DeskError| Failure::desk(&error, &visit);
    let desk = visit.desk(&app);
    let current = desk.story(&visit.caller, id).await.map_err(failed)?;
    let version = match IfMatch::of(&headers) {
        IfMatch::Version(version) => version,
        IfMatch::Nothing => return Err(Failure::precondition_failed()),
        IfMatch::Anything => current.as_ref().ok_or_else(Failure::not_found)?.version,
    };
    if edit.summary.is_none() {
        edit.summary = current.and_then(|current| following_summary(&current, &edit));
    }
    let revised = run(desk, {
        let caller = visit.caller.clone();
        move |desk| async move { desk.revise(&caller, id, version, edit).await }
    });
    let article = revised.await?.map_err(failed)?;
    written_story(&app, &article).await
}

/// The summary of a new body, where the one before was made of the body before.
fn following_summary(current: &Article, edit: &Edit) -> Option<String> {
    let was_made = current.card.summary == markdown::excerpt(&current.body);
    edit.body.as_deref().filter(|_| was_made).map(markdown::excerpt)
}

async fn written_story(app: &AppState, article: &Article) -> Result<Response, Failure> {
    let body = article.body.clone();
    // A long story takes a while, which must not hold up other requests.
    let html = tokio::task::spawn_blocking(move || markdown::to_html(&body));
    let html = html.await.map_err(|error| Failure::internal(&error))?;
    let story = WrittenArticle::new(article, html, &app.site.public_url, app.clock.now());
    let body = serde_json::to_vec(&story).map_err(|error| Failure::internal(&error))?;
    Ok(reply::private_version(article.version, body))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Failure> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).into_iter();
    let Some(value) = values.next() else { return Ok(None) };
    let one = values.next().is_none();
    let key = value.to_str().ok().filter(|_| one).and_then(|key| IdempotencyKey::new(key).ok());
    let message = "an Idempotency-Key has 1 to 255 visible ASCII characters and stands once";
    key.map(Some).ok_or_else(|| Failure::bad_request(message))
}

/// Whether the header of a body says that it is JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// Reads a story; every field that cannot be read is named.
fn edit(body: Map<String, Value>) -> Result<Edit, Failure> {
    let mut fields = Fields { left: body, faults: Vec::new() };
    let edit = Edit {
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
    if let Some(Err(error)) = edit.body.as_deref().map(markdown::check) {
        fields.fault("body", error.to_string());
    }
    fields.finish(edit)
}

/// The fields of a body, and what is wrong with them.
struct Fields {
    left: Map<String, Value>,
    faults: Vec<FieldFault>,
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
        self.faults.push(FieldFault { field, message });
    }

    fn finish(self, edit: Edit) -> Result<Edit, Failure> {
        if let Some(unknown) = self.left.keys().next() {
            let unknown: String = unknown.chars().take(40).collect();
            return Err(Failure::unprocessable(
                format!("{unknown} is no field of a story; there are: {FIELDS}"),
                &self.faults,
            ));
        }
        if self.faults.is_empty() {
            return Ok(edit);
        }
        let error = DeskError::Unacceptable(self.faults.clone());
        Err(Failure::unprocessable(error.to_string(), &self.faults))
    }
}
