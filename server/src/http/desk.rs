//! The newsroom's pages.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use gazette_app::pages::{self, DeleteForm, Notice, Stories};
use gazette_domain::{Action, Feed, Limit, ListQuery, Selection, Unpublished};
use tower_sessions::Session;

use crate::auth::{DeskWord, leave_word, take_word};
use crate::http::caller::Visit;
use crate::http::change::run;
use crate::http::extract::FormBody;
use crate::http::failure::Failure;
use crate::http::fields::Fields;
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
    let fields = Fields::of_query(&request);
    let cursor = fields.one("cursor").map(str::parse).transpose();
    let cursor = cursor
        .map_err(|error: gazette_domain::BadCursor| Failure::bad_request(error.to_string()))?;
    let first = cursor.is_none();
    let limit = Limit::try_from(STORIES_PER_PAGE).unwrap_or(Limit::DEFAULT);
    let query = ListQuery { cursor, ..ListQuery::newest(Feed::All, limit) };
    let failed = |error| Failure::desk(&error, &visit);
    let news = app.desk.list(&visit.caller, &query).await.map_err(failed)?;
    let published = app.desk.count(&visit.caller).await.map_err(failed)?;
    let unpublished = if first {
        app.desk.unpublished(&visit.caller, Limit::MAX).await.map_err(failed)?
    } else {
        Unpublished::default()
    };
    let notice = said(&session).await?;
    let notice = notice.or(fields.one("chosen").map(|_| Notice::NothingChosen));
    let frame = visit.frame(&app).await;
    let page = pages::desk(&frame, &Stories { news, published, unpublished, first }, notice);
    Ok(reply::page(&frame, page, &visit, request.headers()))
}

/// `GET /desk/delete`: asks before anything is deleted.
pub(super) async fn ask_to_delete(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Failure> {
    visit.require(app.desk.policy(), Action::DeleteNews)?;
    let fields = Fields::of_query(&request);
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
    let deleted = run(visit.desk(&app), {
        let caller = visit.caller.clone();
        move |desk| async move { desk.delete(&caller, &selection).await }
    });
    let deleted = deleted.await?.map_err(|error| Failure::desk(&error, &visit))?;
    tracing::info!(deleted, "stories were moved to the trash");
    say_next(&session, DeskWord::Deleted(deleted)).await;
    Ok(Redirect::to("/desk").into_response())
}

/// What the request before this one did.
pub(super) async fn said(session: &Session) -> Result<Option<Notice>, Failure> {
    let word = take_word(session).await;
    let word = word.map_err(|error| Failure::unavailable(TRY_AGAIN, &error))?;
    Ok(word.map(|word| match word {
        DeskWord::Deleted(count) => Notice::Deleted(count),
        DeskWord::Restored(count) => Notice::Restored(count),
        DeskWord::Erased(count) => Notice::Erased(count),
    }))
}

pub(super) async fn say_next(session: &Session, word: DeskWord) {
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
