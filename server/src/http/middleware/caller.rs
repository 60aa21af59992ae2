//! The caller, decided once per request: an `Authorization` header, else the session, else
//! anonymous. Nothing else in a request is ever believed. The policy is asked in the same layer.

use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use gazette_authorizer::{TokenError, bearer_token};
use gazette_domain::{AccessError, Area, Caller};
use tower_sessions::Session;

use crate::auth::Sessions;
use crate::http::middleware::authorize::{self, Rule};
use crate::http::reply::AppError;
use crate::http::request::{RequestContext, RequestId, chosen_theme};
use crate::http::state::AppState;

/// Challenge for callers without a token (RFC 6750 §3).
const CHALLENGE: &str = "Bearer";
const INSUFFICIENT_SCOPE: &str = r#"Bearer error="insufficient_scope""#;

/// The area of a route, and its rule.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Access {
    pub(in crate::http) area: Area,
    /// `None` if everyone may call the route, or a layer inside this one asks the policy.
    pub(in crate::http) rule: Option<Rule>,
}

/// Identifies the caller, asks the policy, and adds the authentication challenge to errors.
pub(in crate::http) async fn identify(
    State((app, Access { area, rule })): State<(AppState, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    let theme = chosen_theme(request.headers(), &app.cookies);
    let base = RequestContext::anonymous(request.uri(), theme, RequestId::of(&request));
    let session = request.extensions().get::<Session>().cloned();
    let context = match context_of(&app, area, session, base, request.headers()).await {
        Ok(context) => context,
        Err(error) => return error.into_response(),
    };
    let mut response = if let Some(rule) = rule {
        authorize::pass(&app, rule, context.clone(), request, next).await
    } else {
        request.extensions_mut().insert(context.clone());
        next.run(request).await
    };
    log_unreported_token(&response, context.token_error);
    if let Some(error) = response.extensions_mut().remove::<AppError>() {
        let error = with_challenge(error, context.token_error);
        *response.status_mut() = error.status;
        response.extensions_mut().insert(error);
    }
    response.extensions_mut().insert(context);
    response
}

async fn context_of(
    app: &AppState,
    area: Area,
    session: Option<Session>,
    base: RequestContext,
    headers: &HeaderMap,
) -> Result<RequestContext, AppError> {
    let presented = session.as_ref().and_then(Sessions::hash_of);
    let context = RequestContext { presented, ..base };
    if let Some(token) = bearer_token(authorization(headers)) {
        return Ok(match verify(app, token).await {
            Ok(caller) => RequestContext { caller, ..context },
            Err(error) => RequestContext { token_error: Some(error), ..context },
        });
    }
    let Some(session) = session else { return Ok(context) };
    Ok(match app.sessions.identity(&session).await {
        Ok(Some(identity)) => {
            let caller = Caller::SignedIn(identity);
            RequestContext { caller, session: Some(session), ..context }
        }
        Ok(None) => context,
        // Public pages remain available without the session store; other areas return 503.
        Err(error) if area == Area::Reader => {
            tracing::warn!(%error, "session unreadable; served as anonymous");
            RequestContext { session_unreadable: true, ..context }
        }
        Err(error) => return Err(error.into()),
    })
}

async fn verify(app: &AppState, token: Result<&str, TokenError>) -> Result<Caller, TokenError> {
    let now = app.clock.now().as_second();
    let identity = match token {
        Ok(token) => app.authorizer.verify_bearer(token, now).await,
        Err(error) => Err(error),
    };
    app.metrics.verifications.add(identity.as_ref().map_or_else(|error| error.code(), |_| "ok"));
    identity.map(Caller::SignedIn)
}

/// Logs a refused token, unless the line of the refused action names it.
fn log_unreported_token(response: &Response, token_error: Option<TokenError>) {
    let Some(error) = token_error else { return };
    let access = response.extensions().get::<AppError>().and_then(|error| error.access);
    if access.is_none() {
        tracing::info!(token = error.code(), "token refused");
    }
}

/// Adds the challenge; a refused token is the reason for a missing identity.
fn with_challenge(error: AppError, token_error: Option<TokenError>) -> AppError {
    match (error.access, token_error) {
        (Some(AccessError::NotSignedIn), Some(token_error)) => token_error.into(),
        (Some(AccessError::NotSignedIn), None) => error.with_challenge(CHALLENGE),
        (Some(AccessError::RoleMissing(_) | AccessError::ScopeMissing), _) => {
            error.with_challenge(INSUFFICIENT_SCOPE)
        }
        (None, _) => error,
    }
}

fn authorization(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(AUTHORIZATION).into_iter().map(HeaderValue::as_bytes)
}
