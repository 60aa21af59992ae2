//! Who the caller is, and what that allows, as JSON.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::{Extension, Json};
use gazette_domain::{Action, Identity, Role, VerifiedClaims};
use jiff::Timestamp;
use serde::Serialize;

use crate::http::caller::RequestContext;
use crate::http::error::AppError;
use crate::http::state::AppState;

/// What `/auth/me` answers.
#[derive(Serialize)]
pub(super) struct Me {
    sub: String,
    username: String,
    email: Option<String>,
    groups: Vec<String>,
    roles: Vec<&'static str>,
    expires_at: Timestamp,
    token_use: &'static str,
}

/// `GET /auth/me`.
pub(super) async fn me(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
) -> Result<Json<Me>, AppError> {
    context.require(app.desk.policy(), Action::ReadAccount)?;
    let identity = context.caller.identity().ok_or_else(AppError::not_found)?;
    let claims = identity.claims();
    let expires_at = Timestamp::from_second(claims.expires_at);
    Ok(Json(Me {
        sub: claims.sub.clone(),
        username: claims.username.clone(),
        email: claims.email.clone(),
        groups: claims.groups.clone(),
        roles: app.desk.policy().roles(&context.caller).into_iter().map(Role::as_str).collect(),
        expires_at: expires_at.map_err(|error| AppError::internal(&error))?,
        token_use: claims.token_use.as_str(),
    }))
}

/// `GET /auth/verify?action=…`: for a proxy that asks before it lets a request through
/// (nginx `auth_request`, Traefik `ForwardAuth`, Envoy `ext_authz`).
///
/// 202 with who is asking in three headers, or 401 or 403. Without an action being signed in is enough.
pub(super) async fn verify(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    uri: Uri,
) -> Result<Response, AppError> {
    let action = asked_action(uri.query())?;
    context.require(app.desk.policy(), action)?;
    let claims = context.caller.identity().map(Identity::claims);
    let groups = claims.map(VerifiedClaims::comma_separated_groups).unwrap_or_default();
    let told = [
        ("x-auth-request-user", claims.map(|claims| claims.username.as_str())),
        ("x-auth-request-email", claims.and_then(|claims| claims.email.as_deref())),
        ("x-auth-request-groups", Some(groups.as_str())),
    ];
    let told = told.map(|(name, value)| (name, header_value(value.unwrap_or_default())));
    Ok((StatusCode::ACCEPTED, AppendHeaders(told)).into_response())
}

/// The action of the query. Two are refused: a proxy that passes on a part of the client's
/// own query must not thereby let the client choose.
fn asked_action(query: Option<&str>) -> Result<Action, AppError> {
    let parameters = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let mut names = parameters.filter(|(name, _)| name == "action").map(|(_, value)| value);
    match (names.next(), names.next()) {
        (None, _) => Ok(Action::ReadAccount),
        (Some(name), None) => Action::named(&name).ok_or_else(|| unknown_action(&name)),
        (Some(_), Some(_)) => Err(AppError::bad_request("there must be one action")),
    }
}

fn unknown_action(name: &str) -> AppError {
    let known: Vec<&str> = Action::ALL.into_iter().map(Action::as_str).collect();
    AppError::bad_request(format!("{name} is no action; there are: {}", known.join(", ")))
}

/// A header for a proxy to set, empty when there is nothing to tell: left away, it would
/// let pass what the client itself sent under this name.
fn header_value(value: &str) -> HeaderValue {
    HeaderValue::from_bytes(value.as_bytes()).unwrap_or(HeaderValue::from_static(""))
}

/// One line of `/auth/explain`.
#[derive(Serialize)]
pub(super) struct Explained {
    action: &'static str,
    allowed: bool,
    reason: &'static str,
}

/// What `/auth/explain` answers.
#[derive(Serialize)]
pub(super) struct Explanation {
    /// Why the token that came along was not accepted.
    refused_token: Option<&'static str>,
    actions: Vec<Explained>,
}

/// `GET /auth/explain`: each action, whether it is allowed, and why.
pub(super) async fn explain(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
) -> Json<Explanation> {
    let actions = Action::ALL.map(|action| {
        let reason = app.desk.policy().decide(&context.caller, action);
        Explained { action: action.as_str(), allowed: reason.is_allowed(), reason: reason.as_str() }
    });
    let refused_token = context.token_error.map(gazette_authorizer::TokenError::code);
    Json(Explanation { refused_token, actions: actions.into() })
}
