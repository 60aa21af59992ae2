//! The newsroom's pages.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use gazette_app::pages::{self, DeleteForm, Notice, Stories};
use gazette_domain::{Action, Feed, Limit, ListQuery, Selection, Unpublished};
use tower_sessions::Session;

use crate::auth::{Flash, set_flash, take_flash};
use crate::http::caller::RequestContext;
use crate::http::change::run;
use crate::http::error::AppError;
use crate::http::extract::FormBody;
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
    Extension(context): Extension<RequestContext>,
    session: Session,
    request: Request,
) -> Result<Response, AppError> {
    context.require(app.desk.policy(), Action::OpenDesk)?;
    let fields = Fields::of_query(&request);
    let cursor = fields.one("cursor").map(str::parse).transpose();
    let cursor = cursor
        .map_err(|error: gazette_domain::CursorError| AppError::bad_request(error.to_string()))?;
    let first = cursor.is_none();
    let limit = Limit::try_from(STORIES_PER_PAGE).unwrap_or(Limit::DEFAULT);
    let query = ListQuery { cursor, ..ListQuery::newest(Feed::All, limit) };
    let failed = |error| AppError::desk(&error, &context);
    let news = app.desk.list(&context.caller, &query).await.map_err(failed)?;
    let published = app.desk.count(&context.caller).await.map_err(failed)?;
    let unpublished = if first {
        app.desk.unpublished(&context.caller, Limit::MAX).await.map_err(failed)?
    } else {
        Unpublished::default()
    };
    let notice = said(&session).await?;
    let notice = notice.or(fields.one("chosen").map(|_| Notice::NothingChosen));
    let frame = context.frame(&app).await;
    let page = pages::desk(&frame, &Stories { news, published, unpublished, first }, notice);
    Ok(reply::page(&frame, page, &context, request.headers()))
}

/// `GET /desk/delete`: asks before anything is deleted.
pub(super) async fn ask_to_delete(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    request: Request,
) -> Result<Response, AppError> {
    context.require(app.desk.policy(), Action::DeleteNews)?;
    let fields = Fields::of_query(&request);
    ask(&app, &context, request.headers(), &fields, false).await
}

/// `POST /desk/delete`: deletes and goes back to the list.
pub(super) async fn delete(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    session: Session,
    headers: HeaderMap,
    FormBody(body): FormBody,
) -> Result<Response, AppError> {
    let context = context.require_fresh(&app, Action::DeleteNews).await?;
    let fields = Fields::parse(&body);
    let selection = if fields.one("all") == Some("yes") {
        if fields.one("word").map(str::trim) != Some(WORD) {
            return ask(&app, &context, &headers, &fields, true).await;
        }
        Selection::All
    } else {
        Selection::Ids(fields.ids()?)
    };
    let deleted = run(context.desk(&app), {
        let caller = context.caller.clone();
        move |desk| async move { desk.delete(&caller, &selection).await }
    });
    let deleted = deleted.await?.map_err(|error| AppError::desk(&error, &context))?;
    tracing::info!(deleted, "stories were moved to the trash");
    say_next(&session, Flash::Deleted(deleted)).await;
    Ok(Redirect::to("/desk").into_response())
}

/// What the request before this one did.
pub(super) async fn said(session: &Session) -> Result<Option<Notice>, AppError> {
    let notice = take_flash(session, |flash| match flash {
        Flash::Deleted(count) => Some(Notice::Deleted(count)),
        Flash::Restored(count) => Some(Notice::Restored(count)),
        Flash::Erased(count) => Some(Notice::Erased(count)),
        Flash::PermissionsRefreshed | Flash::SessionsEnded(_) => None,
    });
    notice.await.map_err(|error| AppError::unavailable(TRY_AGAIN, &error))
}

pub(super) async fn say_next(session: &Session, flash: Flash) {
    if let Err(error) = set_flash(session, flash).await {
        tracing::warn!(%error, "the next page will not say what was done");
    }
}

async fn ask(
    app: &AppState,
    context: &RequestContext,
    headers: &HeaderMap,
    fields: &Fields,
    wrong_word: bool,
) -> Result<Response, AppError> {
    let failed = |error| AppError::desk(&error, context);
    let form = if fields.one("all") == Some("yes") {
        let published = app.desk.count(&context.caller).await.map_err(failed)?;
        DeleteForm::Everything { published, wrong_word }
    } else {
        let stories = app.desk.teasers(&context.caller, &fields.ids()?).await.map_err(failed)?;
        if stories.is_empty() {
            return Ok(Redirect::to("/desk?chosen=none").into_response());
        }
        DeleteForm::Chosen(stories)
    };
    let frame = context.frame(app).await;
    let page = pages::delete(&frame, &form);
    let mut response = reply::page(&frame, page, context, headers);
    if wrong_word {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}
