//! The newsroom's pages.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use gazette_app::pages::{self, DeleteForm, Notice};
use gazette_domain::{Action, ArticleId, Feed, Limit, ListQuery, Selection};
use tower_sessions::Session;

use crate::auth::{DeskWord, leave_word, take_word};
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
    let notice = said(&session).await?;
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
    let visit = visit.require_fresh(&app, Action::DeleteNews).await?;
    let fields = Fields::parse(&body);
    let selection = if fields.one("all") == Some("yes") {
        if fields.one("word").map(str::trim) != Some(WORD) {
            return ask(&app, &visit, &headers, &fields, true).await;
        }
        Selection::All
    } else {
        Selection::Ids(fields.ids()?)
    };
    let deleted = visit.desk(&app).delete(&visit.caller, &selection).await;
    let deleted = deleted.map_err(|error| Failure::desk(&error, &visit))?;
    tracing::info!(deleted, "stories were moved to the trash");
    say_next(&session, DeskWord::Deleted(deleted)).await;
    Ok(Redirect::to("/desk").into_response())
}

/// `GET /desk/trash`.
pub(super) async fn trash(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    session: Session,
    request: Request,
) -> Result<Response, Failure> {
    visit.require(app.desk.policy(), Action::RestoreNews)?;
    let entries = app.desk.trash(&visit.caller, Limit::MAX).await;
    let entries = entries.map_err(|error| Failure::desk(&error, &visit))?;
    let fields = Fields::parse(request.uri().query().unwrap_or_default().as_bytes());
    let notice = said(&session).await?.or(fields.one("chosen").map(|_| Notice::NothingChosen));
    let frame = visit.frame(&app).await;
    let page = pages::trash(&frame, &entries, notice);
    Ok(reply::page(&frame, page, &visit, request.headers()))
}

/// `POST /desk/restore`: brings stories back and goes back to the trash.
pub(super) async fn restore(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    session: Session,
    FormBody(body): FormBody,
) -> Result<Response, Failure> {
    let visit = visit.require_fresh(&app, Action::RestoreNews).await?;
    let ids = Fields::parse(&body).ids()?;
    if ids.is_empty() {
        return Ok(Redirect::to("/desk/trash?chosen=none").into_response());
    }
    let restored = visit.desk(&app).restore(&visit.caller, &ids).await;
    let restored = restored.map_err(|error| Failure::desk(&error, &visit))?;
    tracing::info!(restored, "stories came back from the trash");
    say_next(&session, DeskWord::Restored(restored)).await;
    Ok(Redirect::to("/desk/trash").into_response())
}

/// What the request before this one did.
async fn said(session: &Session) -> Result<Option<Notice>, Failure> {
    let word = take_word(session).await;
    let word = word.map_err(|error| Failure::unavailable(TRY_AGAIN, &error))?;
    Ok(word.map(|word| match word {
        DeskWord::Deleted(count) => Notice::Deleted(count),
        DeskWord::Restored(count) => Notice::Restored(count),
    }))
}

async fn say_next(session: &Session, word: DeskWord) {
    if let Err(error) = leave_word(session, word).await {
        tracing::warn!(%error, "the next page will not say what was done");
    }
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
