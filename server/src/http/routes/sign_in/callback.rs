//! Finishing a sign-in.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::ReadingListNotice;
use gazette_domain::{Caller, DeskError, Endpoint, Identity, StoryId};
use time::Duration;
use tower_sessions::Session;
use url::form_urlencoded;

use crate::auth::{ClaimedLogin, SavedForms, Secret, device_name};
use crate::http::reply::{AppError, add_cookie, short_lived_cookie};
use crate::http::request::{Reply, RequestContext, UnreadableReply, login_cookies, set_flash};
use crate::http::state::AppState;

const NOT_COMPLETED: &str = "We couldn't complete your sign-in. Please start again in a moment.";
const EXPIRED: &str = "This sign-in link has expired. Please start again.";

/// `GET /auth/callback`: finishes the login that this browser began, once.
pub(in crate::http) async fn callback(
    State(app): State<AppState>,
    context: RequestContext,
    session: Session,
    request: Request,
) -> Result<Response, AppError> {
    let issuer = app.oidc.issuer().await?;
    let reply = match Reply::parse(request.uri().query().unwrap_or_default(), issuer) {
        Ok(reply) => reply,
        Err(unreadable) => return refuse(&app, request.headers(), unreadable).await,
    };
    let (headers, now) = (request.headers(), app.clock.now().as_second());
    let cookie = login_cookies::find(&app, headers, &reply.state);
    let return_to =
        cookie.as_deref().and_then(|it| app.pending_logins.return_to(&reply.state, it, now));
    let return_to = return_to.as_deref();
    let claimed = match &cookie {
        Some(cookie) => claim(&app, &reply.state, cookie).await,
        None => Ok(None),
    };
    let mut response = match claimed {
        Ok(Some(claimed)) => {
            let device = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
            let device = device_name(device.unwrap_or_default());
            let completed = complete(&app, &context, &session, &reply, &claimed, device).await;
            completed.map_err(|error| error.returning_to(&claimed.login.return_to)).into_response()
        }
        Ok(None) => begin_again(&app, headers, return_to),
        Err(error) => error.returning_to(return_to.unwrap_or("/")).into_response(),
    };
    if response.status().is_redirection() && login_cookies::was_begun_again(&app, headers) {
        login_cookies::forget_again(&mut response, &app);
    }
    if cookie.is_some() {
        // Also after an error: each login has one attempt.
        login_cookies::spend(&mut response, &app, &reply.state, return_to);
    }
    Ok(response)
}

/// Refuses a reply that cannot be read, and ends the login that it names (OAU-03).
async fn refuse(
    app: &AppState,
    headers: &HeaderMap,
    reply: UnreadableReply,
) -> Result<Response, AppError> {
    let state = reply.state.clone();
    let mut response = AppError::from(reply).into_response();
    let Some(state) = state else { return Ok(response) };
    if let Some(cookie) = login_cookies::find(app, headers, &state) {
        claim(app, &state, &cookie).await?;
        login_cookies::spend(&mut response, app, &state, None);
    }
    Ok(response)
}

/// Begins a login of this browser again that has expired or was completed: its page of the hosted
/// UI was left open, or opened again. A person need not know. A program gets an error, and so does
/// a browser that did not begin the login (OAU-03).
fn begin_again(app: &AppState, headers: &HeaderMap, return_to: Option<&str>) -> Response {
    let is_navigation = headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate");
    let is_first = is_navigation && !login_cookies::was_begun_again(app, headers);
    let Some(return_to) = return_to.filter(|_| is_first) else {
        let expired = AppError::sign_in(EXPIRED);
        return expired.returning_to(return_to.unwrap_or("/")).into_response();
    };
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("return_to", return_to), ("again", "1")])
        .finish();
    let login = format!("{}?{query}", Endpoint::Login.path());
    let mut response = Redirect::to(&login).into_response();
    login_cookies::note_again(&mut response, app);
    response
}

/// Completes the login in a cookie and begins a session.
async fn complete(
    app: &AppState,
    context: &RequestContext,
    session: &Session,
    reply: &Reply,
    claimed: &ClaimedLogin<'_>,
    device: String,
) -> Result<Response, AppError> {
    let ClaimedLogin { login, completion, .. } = claimed;
    let Some(code) = reply.code.clone() else {
        return Err(AppError::sign_in(&reply.explanation()));
    };
    let now = app.clock.now().as_second();
    let verifier = login.pkce_verifier.clone();
    let tokens = app.oidc.complete_login(code, verifier, &login.nonce, now).await?;
    let presented = context.presented.as_ref();
    app.sessions.begin(session, presented, &tokens, device, completion.clone()).await?;
    if let Some(story) = login.save {
        let notice = save(app, &tokens.identity, story).await;
        set_flash(Some(session), notice).await;
    }
    let mut response = Redirect::to(&login.return_to).into_response();
    remember_person(app, &tokens.identity.claims().sub, &mut response);
    Ok(response)
}

/// Saves the story whose button led to the sign-in. A failure costs the story, not the sign-in.
async fn save(app: &AppState, identity: &Identity, story: StoryId) -> ReadingListNotice {
    match app.desk.save(&Caller::SignedIn(identity.clone()), story).await {
        Ok(()) => ReadingListNotice::Saved,
        Err(DeskError::ListFull { max }) => ReadingListNotice::Full(max),
        Err(DeskError::Missing) => ReadingListNotice::Missing,
        Err(error) => {
            tracing::warn!(%error, "the story was not saved after signing in");
            ReadingListNotice::Failed
        }
    }
}

/// Adds the cookie that says whose form this is, when the session's is gone.
fn remember_person(app: &AppState, sub: &str, response: &mut Response) {
    let Some(sealed) = app.saved_forms.seal_person(sub, app.clock.now().as_second()) else {
        return;
    };
    let lifetime = Duration::seconds(SavedForms::PERSON_SECONDS);
    let cookie = short_lived_cookie(&app.cookies.person, sealed, app.is_https(), lifetime);
    add_cookie(response, &cookie);
}

/// Claims the login that this browser began with this provider, if it has not had its attempt.
async fn claim<'a>(
    app: &'a AppState,
    state: &Secret,
    cookie: &str,
) -> Result<Option<ClaimedLogin<'a>>, AppError> {
    let claimed = app.pending_logins.claim(state, cookie, app.clock.now().as_second()).await;
    let claimed = claimed.map_err(|error| AppError::sign_in_unavailable(NOT_COMPLETED, error))?;
    Ok(claimed.filter(|claimed| claimed.login.provider == app.oidc.provider()))
}
