//! The newsroom's pages.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use gazette_app::pages::{self, DeleteForm, Notice};
use gazette_domain::{Action, ArticleId, Feed, Limit, ListQuery, Selection};
use tower_sessions::Session;

use crate::auth::SignedIn;
use crate::http::caller::Visit;
use crate::http::extract::FormBody;
use crate::http::failure::Failure;
use crate::http::reply;
use crate::http::state::AppState;

const STORIES_PER_PAGE: usize = 50;
/// The word that must be typed to delete everything.
const WORD: &str = "delete";
const TRY_AGAIN: &str = "Please try again in a moment.";

/// `GET /desk`.
pub(super) async fn list(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    session: Session,
    request: Request,
) -> Result<Response, Failure> {
    visit.require(app.desk.policy(), Action::OpenDesk)?;
    let fields = Fields::parse(request.uri().query().unwrap_or_default().as_bytes());
    let cursor = fields.one("cursor").map(str::parse).transpose();
    let cursor = cursor
        .map_err(|error: gazette_domain::BadCursor| Failure::bad_request(error.to_string()))?;
    let first = cursor.is_none();
    let limit = Limit::try_from(STORIES_PER_PAGE).unwrap_or(Limit::DEFAULT);
    let query = ListQuery { cursor, ..ListQuery::newest(Feed::All, limit) };
    let failed = |error| Failure::desk(&error, &visit);
    let news = app.desk.list(&visit.caller, &query).await.map_err(failed)?;
    let published = app.desk.count(&visit.caller).await.map_err(failed)?;
    let deleted = SignedIn::take_deleted(&session).await;
    let deleted = deleted.map_err(|error| Failure::unavailable(TRY_AGAIN, &error))?;
    let notice = deleted.map(Notice::Deleted);
    let notice = notice.or(fields.one("chosen").map(|_| Notice::NothingChosen));
    let frame = visit.frame(&app).await;
    let page = pages::desk(&frame, &news, published, first, notice);
    Ok(reply::page(&frame, page, &visit, request.headers()))
}

/// `GET /desk/delete`: asks before anything is deleted.
pub(super) async fn ask_to_delete(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Failure> {
    visit.require(app.desk.policy(), Action::DeleteNews)?;
    let fields = Fields::parse(request.uri().query().unwrap_or_default().as_bytes());
    ask(&app, &visit, request.headers(), &fields, false).await
}

/// `POST /desk/delete`: deletes and goes back to the list.
pub(super) async fn delete(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    session: Session,
    headers: HeaderMap,
    FormBody(body): FormBody,
) -> Result<Response, Failure> {
    visit.require(app.desk.policy(), Action::DeleteNews)?;
    let fields = Fields::parse(&body);
    let selection = if fields.one("all") == Some("yes") {
        if fields.one("word").map(str::trim) != Some(WORD) {
            return ask(&app, &visit, &headers, &fields, true).await;
        }
        Selection::All
    } else {
        Selection::Ids(fields.ids()?)
    };
    let deleted = app.desk.delete(&visit.caller, &selection).await;
    let deleted = deleted.map_err(|error| Failure::desk(&error, &visit))?;
    tracing::info!(deleted, "stories were moved to the trash");
    if let Err(error) = SignedIn::leave_deleted(&session, deleted).await {
        tracing::warn!(%error, "the next page will not say what was deleted");
    }
    Ok(Redirect::to("/desk").into_response())
}

async fn ask(
    app: &AppState,
    visit: &Visit,
    headers: &HeaderMap,
    fields: &Fields,
    wrong_word: bool,
) -> Result<Response, Failure> {
    let failed = |error| Failure::desk(&error, visit);
    let form = if fields.one("all") == Some("yes") {
        let published = app.desk.count(&visit.caller).await.map_err(failed)?;
        DeleteForm::Everything { published, wrong_word }
    } else {
        let stories = app.desk.cards(&visit.caller, &fields.ids()?).await.map_err(failed)?;
        if stories.is_empty() {
            return Ok(Redirect::to("/desk?chosen=none").into_response());
        }
        DeleteForm::Chosen(stories)
    };
    let frame = visit.frame(app).await;
    let page = pages::delete(&frame, &form);
    let mut response = reply::page(&frame, page, visit, headers);
    if wrong_word {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// The fields of a form, in their order.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn parse(encoded: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The value of a field that stands once.
    fn one(&self, wanted: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(name, _)| name == wanted);
        let (_, value) = found.next()?;
        found.next().is_none().then_some(value)
    }

    fn ids(&self) -> Result<Vec<ArticleId>, Failure> {
        let ids = self.0.iter().filter(|(name, _)| name == "id").map(|(_, id)| id.parse());
        ids.collect::<Result<_, _>>()
            .map_err(|error: gazette_domain::NotAnId| Failure::bad_request(format!("id: {error}")))
    }
}
