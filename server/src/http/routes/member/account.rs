//! The caller's account and sessions.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, Account, AccountNotice, SessionRow};
use gazette_domain::Endpoint;
use jiff::Timestamp;
use serde::Deserialize;
use tower_sessions::Session;

use crate::auth::{EndReason, ListedSession, SessionError, SessionHash, SessionList, Sessions};
use crate::http::reply::{AppError, sign_out_response};
use crate::http::request::{Form, RequestContext, set_flash, take_flash};
use crate::http::state::AppState;

/// Field of the form that ends a session.
#[derive(Deserialize)]
pub(in crate::http) struct EndFields {
    session: String,
}

/// `GET /account`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    let identity = context.identity()?;
    let SessionList { mut sessions, more } = app.sessions.list(&identity.claims().sub).await?;
    let current = match context.session.as_ref().and_then(Sessions::hash_of) {
        Some(hash) => app.sessions.find(hash).await?,
        None => None,
    };
    let is_current = |listed: &ListedSession| {
        current.as_ref().is_some_and(|current| current.hash == listed.hash)
    };
    // Listed even if it is not among the first of many.
    let missing = current.clone().filter(|_| !sessions.iter().any(is_current));
    sessions.extend(missing);
    let verified_at = current.as_ref().map(|current| timestamp(current.signed_in.verified_at));
    let sessions = sessions.iter().map(|listed| row(listed, is_current(listed))).collect();
    let notice = take_flash(context.session.as_ref()).await?;
    let policy = app.desk.policy();
    let account = Account { identity, policy, verified_at, sessions, more, notice };
    Ok(context.page(&app, |frame| pages::account(frame, &account)).await)
}

/// `POST /account/refresh`: asks the user pool for the current groups.
pub(in crate::http) async fn refresh(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    let session = context.session.as_ref().ok_or_else(|| {
        AppError::bad_request("A token cannot be refreshed here. Get a new one from the user pool.")
    })?;
    match app.sessions.renewed_identity(session).await {
        Ok(Some(_)) => set_flash(Some(session), AccountNotice::Refreshed).await,
        Ok(None) => {}
        Err(SessionError::PoolUnavailable) => return Err(AppError::groups_unconfirmed()),
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(Endpoint::Account.path()).into_response())
}

/// `POST /account/sessions/end`: ends one of the caller's sessions.
pub(in crate::http) async fn end_one(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<EndFields>,
) -> Result<Response, AppError> {
    let identity = context.identity()?;
    let hash = SessionHash::parse(&fields.session);
    let hash = hash.ok_or_else(|| {
        AppError::bad_request("This session was not found. Reload your account page.")
    })?;
    if !app.sessions.end_one(&identity.claims().sub, &hash).await? {
        return Err(AppError::not_found());
    }
    set_flash(context.session.as_ref(), AccountNotice::Ended(1)).await;
    Ok(Redirect::to(Endpoint::Account.path()).into_response())
}

/// `POST /account/sessions/end-all`: signs out here, everywhere else and at the hosted UI.
pub(in crate::http) async fn end_all(
    State(app): State<AppState>,
    context: RequestContext,
    session: Session,
) -> Result<Response, AppError> {
    let identity = context.identity()?;
    let ended = app.sessions.end_all(&identity.claims().sub, EndReason::SignedOut).await?;
    app.sessions.end(&session, context.presented.as_ref(), EndReason::SignedOut).await?;
    tracing::info!(ended, "signed out everywhere");
    Ok(sign_out_response(&app).await)
}

fn row(listed: &ListedSession, is_this: bool) -> SessionRow {
    let ListedSession { hash, signed_in } = listed;
    SessionRow {
        name: hash.as_str().to_owned(),
        device: signed_in.device.clone(),
        began_at: timestamp(signed_in.began_at()),
        seen_at: timestamp(signed_in.seen_at),
        is_this,
    }
}

fn timestamp(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or_default()
}
