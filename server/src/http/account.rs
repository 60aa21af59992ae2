//! One's own account and sessions, and, for admins, everybody's.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use gazette_app::pages::{self, Account, AccountNotice, PersonLine, SessionLine};
use gazette_domain::{Action, Identity};
use jiff::Timestamp;
use tower_sessions::Session;

use crate::auth::{
    Flash, ListedSession, PeoplePage, SessionError, SessionHash, SessionList, Sessions, set_flash,
    take_flash,
};
use crate::http::caller::RequestContext;
use crate::http::error::AppError;
use crate::http::extract::FormBody;
use crate::http::fields::Fields;
use crate::http::pages::parameter;
use crate::http::reply;
use crate::http::sign_in::sign_out_response;
use crate::http::state::AppState;

const ACCOUNT: &str = "/account";
const PEOPLE: &str = "/account/people";

/// `GET /account`.
pub(super) async fn page(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let identity = person(&app, &context)?;
    let SessionList { mut sessions, more } =
        app.sessions.list(&identity.claims().sub).await.map_err(failed)?;
    let this = context.session.as_ref().and_then(Sessions::hash_of);
    let this = match this {
        Some(name) => app.sessions.find(name).await.map_err(failed)?,
        None => None,
    };
    let is_this =
        |listed: &ListedSession| this.as_ref().is_some_and(|this| this.hash == listed.hash);
    // It stands there also when it is not among the first of many.
    let missing = this.clone().filter(|_| !sessions.iter().any(is_this));
    sessions.extend(missing);
    let verified_at = this.as_ref().map(|this| seconds(this.signed_in.verified_at));
    let sessions = sessions.iter().map(|listed| line(listed, is_this(listed))).collect();
    let notice = said(&context).await?;
    let frame = context.frame(&app).await;
    let policy = app.desk.policy();
    let shown = Account { identity, policy, verified_at, sessions, more, notice };
    Ok(reply::page(&frame, pages::account(&frame, &shown), &context, &headers))
}

/// `POST /account/refresh`: asks the pool for the groups of now.
pub(super) async fn refresh(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
) -> Result<Response, AppError> {
    person(&app, &context)?;
    let session = context.session.as_ref().ok_or_else(no_session)?;
    match app.sessions.renewed_identity(session).await {
        Ok(Some(_)) => {}
        Ok(None) => return Ok(Redirect::to(ACCOUNT).into_response()),
        Err(SessionError::PoolUnavailable) => return Err(AppError::rights_unknown()),
        Err(error) => return Err(failed(error)),
    }
    say_next(session, Flash::PermissionsRefreshed).await;
    Ok(Redirect::to(ACCOUNT).into_response())
}

/// `POST /account/sessions/end`: ends one of one's own sessions.
pub(super) async fn end_one(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    FormBody(body): FormBody,
) -> Result<Response, AppError> {
    let identity = person(&app, &context)?;
    let name = field(&body, "session").and_then(|name| SessionHash::parse(&name));
    let name = name.ok_or_else(|| AppError::bad_request("session: names no session"))?;
    let ended = app.sessions.end_one(&identity.claims().sub, &name).await.map_err(failed)?;
    if !ended {
        return Err(AppError::not_found());
    }
    if let Some(session) = &context.session {
        say_next(session, Flash::SessionsEnded(1)).await;
    }
    Ok(Redirect::to(ACCOUNT).into_response())
}

/// `POST /account/sessions/end-all`: signs out here, everywhere else and at the hosted UI.
pub(super) async fn end_all(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    session: Session,
) -> Result<Response, AppError> {
    let identity = person(&app, &context)?;
    let ended = app.sessions.end_all(&identity.claims().sub).await.map_err(failed)?;
    app.sessions.end(&session, context.presented.as_ref()).await.map_err(failed)?;
    tracing::info!(ended, "signed out everywhere");
    Ok(sign_out_response(&app).await)
}

/// `GET /account/people`: who has signed in lately.
pub(super) async fn people(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    request: Request,
) -> Result<Response, AppError> {
    context.require(app.desk.policy(), Action::ManageAccess)?;
    let fields = Fields::of_query(&request);
    let after = fields.one("cursor").filter(|sub| (1..=255).contains(&sub.len()));
    let PeoplePage { people, more } = app.sessions.people(after).await.map_err(failed)?;
    let mut lines = Vec::new();
    for (sub, person) in people {
        let SessionList { sessions, more } = app.sessions.list(&sub).await.map_err(failed)?;
        lines.push(PersonLine { sub, username: person.username, sessions: sessions.len(), more });
    }
    let notice = said(&context).await?;
    let frame = context.frame(&app).await;
    let page = pages::people(&frame, &lines, more, after.is_none(), notice);
    Ok(reply::page(&frame, page, &context, request.headers()))
}

/// `POST /account/people/end`: ends all sessions of a person.
pub(super) async fn end_person(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    FormBody(body): FormBody,
) -> Result<Response, AppError> {
    let context = context.require_fresh(&app, Action::ManageAccess).await?;
    let sub = field(&body, "sub").filter(|sub| (1..=255).contains(&sub.len()));
    let sub = sub.ok_or_else(|| AppError::bad_request("sub: names nobody"))?;
    let ended = app.sessions.end_all(&sub).await.map_err(failed)?;
    tracing::info!(ended, "an admin ended the sessions of a person");
    if let Some(session) = &context.session {
        say_next(session, Flash::SessionsEnded(ended)).await;
    }
    Ok(Redirect::to(PEOPLE).into_response())
}

fn person<'v>(app: &AppState, context: &'v RequestContext) -> Result<&'v Identity, AppError> {
    context.require(app.desk.policy(), Action::ReadAccount)?;
    context.caller.identity().ok_or_else(AppError::not_found)
}

fn line(listed: &ListedSession, is_this: bool) -> SessionLine {
    let ListedSession { hash, signed_in } = listed;
    SessionLine {
        name: hash.as_str().to_owned(),
        device: signed_in.device.clone(),
        began_at: seconds(signed_in.began_at()),
        seen_at: seconds(signed_in.seen_at),
        is_this,
    }
}

async fn said(context: &RequestContext) -> Result<Option<AccountNotice>, AppError> {
    let Some(session) = &context.session else { return Ok(None) };
    let notice = take_flash(session, |flash| match flash {
        Flash::PermissionsRefreshed => Some(AccountNotice::Refreshed),
        Flash::SessionsEnded(count) => Some(AccountNotice::Ended(count)),
        Flash::Deleted(_) | Flash::Restored(_) | Flash::Erased(_) => None,
    });
    notice.await.map_err(|error| failed(error.into()))
}

async fn say_next(session: &Session, flash: Flash) {
    if let Err(error) = set_flash(session, flash).await {
        tracing::warn!(%error, "the next page will not say what was done");
    }
}

fn field(body: &[u8], name: &str) -> Option<String> {
    parameter(std::str::from_utf8(body).ok(), name)
}

fn seconds(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or_default()
}

fn no_session() -> AppError {
    AppError::bad_request("There is no session: a token says what it says until it ends.")
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn failed(error: SessionError) -> AppError {
    AppError::session(&error)
}
