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
    AccountWord, Listed, Listing, People, SessionError, SessionName, Sessions, leave_word,
    take_word,
};
use crate::http::caller::Visit;
use crate::http::extract::FormBody;
use crate::http::failure::Failure;
use crate::http::fields::Fields;
use crate::http::pages::parameter;
use crate::http::reply;
use crate::http::sign_in::farewell;
use crate::http::state::AppState;

const ACCOUNT: &str = "/account";
const PEOPLE: &str = "/account/people";

/// `GET /account`.
pub(super) async fn page(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let identity = person(&app, &visit)?;
    let Listing { mut sessions, more } =
        app.sessions.of_person(&identity.claims().sub).await.map_err(failed)?;
    let this = visit.session.as_ref().and_then(Sessions::name_of);
    let this = match this {
        Some(name) => app.sessions.listed(name).await.map_err(failed)?,
        None => None,
    };
    let is_this = |listed: &Listed| this.as_ref().is_some_and(|this| this.name == listed.name);
    // It stands there also when it is not among the first of many.
    let missing = this.clone().filter(|_| !sessions.iter().any(is_this));
    sessions.extend(missing);
    let vouched_at = this.as_ref().map(|this| seconds(this.signed_in.vouched_at));
    let sessions = sessions.iter().map(|listed| line(listed, is_this(listed))).collect();
    let notice = said(&visit).await?;
    let frame = visit.frame(&app).await;
    let policy = app.desk.policy();
    let shown = Account { identity, policy, vouched_at, sessions, more, notice };
    Ok(reply::page(&frame, pages::account(&frame, &shown), &visit, &headers))
}

/// `POST /account/refresh`: asks the pool for the groups of now.
pub(super) async fn refresh(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Failure> {
    person(&app, &visit)?;
    let session = visit.session.as_ref().ok_or_else(no_session)?;
    match app.sessions.renewed_identity(session).await {
        Ok(Some(_)) => {}
        Ok(None) => return Ok(Redirect::to(ACCOUNT).into_response()),
        Err(SessionError::PoolAway) => return Err(Failure::rights_unknown()),
        Err(error) => return Err(failed(error)),
    }
    say_next(session, AccountWord::Refreshed).await;
    Ok(Redirect::to(ACCOUNT).into_response())
}

/// `POST /account/sessions/end`: ends one of one's own sessions.
pub(super) async fn end_one(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    FormBody(body): FormBody,
) -> Result<Response, Failure> {
    let identity = person(&app, &visit)?;
    let name = field(&body, "session").and_then(|name| SessionName::received(&name));
    let name = name.ok_or_else(|| Failure::bad_request("session: names no session"))?;
    let ended = app.sessions.end_one(&identity.claims().sub, &name).await.map_err(failed)?;
    if !ended {
        return Err(Failure::not_found());
    }
    if let Some(session) = &visit.session {
        say_next(session, AccountWord::Ended(1)).await;
    }
    Ok(Redirect::to(ACCOUNT).into_response())
}

/// `POST /account/sessions/end-all`: signs out here, everywhere else and at the hosted UI.
pub(super) async fn end_all(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    session: Session,
) -> Result<Response, Failure> {
    let identity = person(&app, &visit)?;
    let ended = app.sessions.end_all(&identity.claims().sub).await.map_err(failed)?;
    app.sessions.end(&session, visit.presented.as_ref()).await.map_err(failed)?;
    tracing::info!(ended, "signed out everywhere");
    Ok(farewell(&app).await)
}

/// `GET /account/people`: who has signed in lately.
pub(super) async fn people(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Failure> {
    visit.require(app.desk.policy(), Action::ManageAccess)?;
    let fields = Fields::of_query(&request);
    let after = fields.one("cursor").filter(|sub| (1..=255).contains(&sub.len()));
    let People { people, more } = app.sessions.people(after).await.map_err(failed)?;
    let mut lines = Vec::new();
    for (sub, person) in people {
        let Listing { sessions, more } = app.sessions.of_person(&sub).await.map_err(failed)?;
        lines.push(PersonLine { sub, username: person.username, sessions: sessions.len(), more });
    }
    let notice = said(&visit).await?;
    let frame = visit.frame(&app).await;
    let page = pages::people(&frame, &lines, more, after.is_none(), notice);
    Ok(reply::page(&frame, page, &visit, request.headers()))
}

/// `POST /account/people/end`: ends all sessions of a person.
pub(super) async fn end_person(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    FormBody(body): FormBody,
) -> Result<Response, Failure> {
    let visit = visit.require_fresh(&app, Action::ManageAccess).await?;
    let sub = field(&body, "sub").filter(|sub| (1..=255).contains(&sub.len()));
    let sub = sub.ok_or_else(|| Failure::bad_request("sub: names nobody"))?;
    let ended = app.sessions.end_all(&sub).await.map_err(failed)?;
    tracing::info!(ended, "an admin ended the sessions of a person");
    if let Some(session) = &visit.session {
        say_next(session, AccountWord::Ended(ended)).await;
    }
    Ok(Redirect::to(PEOPLE).into_response())
}

fn person<'v>(app: &AppState, visit: &'v Visit) -> Result<&'v Identity, Failure> {
    visit.require(app.desk.policy(), Action::ReadAccount)?;
    visit.caller.identity().ok_or_else(Failure::not_found)
}

fn line(listed: &Listed, is_this: bool) -> SessionLine {
    let Listed { name, signed_in } = listed;
    SessionLine {
        name: name.as_str().to_owned(),
        device: signed_in.device.clone(),
        began_at: seconds(signed_in.began_at()),
        seen_at: seconds(signed_in.seen_at),
        is_this,
    }
}

async fn said(visit: &Visit) -> Result<Option<AccountNotice>, Failure> {
    let Some(session) = &visit.session else { return Ok(None) };
    let word = take_word(session).await.map_err(|error| failed(error.into()))?;
    Ok(word.map(|word| match word {
        AccountWord::Refreshed => AccountNotice::Refreshed,
        AccountWord::Ended(count) => AccountNotice::Ended(count),
    }))
}

async fn say_next(session: &Session, word: AccountWord) {
    if let Err(error) = leave_word(session, word).await {
        tracing::warn!(%error, "the next page will not say what was done");
    }
}

fn field(body: &[u8], name: &str) -> Option<String> {
    parameter(std::str::from_utf8(body).ok(), name)
}

fn seconds(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or_default()
}

fn no_session() -> Failure {
    Failure::bad_request("There is no session: a token says what it says until it ends.")
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn failed(error: SessionError) -> Failure {
    Failure::session(&error)
}
