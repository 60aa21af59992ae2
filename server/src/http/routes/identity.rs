//! The caller and their permissions, as JSON.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use gazette_domain::{Action, Identity, Role, VerifiedClaims};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::http::reply::AppError;
use crate::http::request::{NotEmbedded, PageQuery, RequestContext, shortened};
use crate::http::state::AppState;

/// Body of `/auth/me`.
#[derive(Serialize)]
pub(in crate::http) struct Me {
    pub(in crate::http) sub: String,
    pub(in crate::http) username: String,
    pub(in crate::http) email: Option<String>,
    pub(in crate::http) groups: Vec<String>,
    pub(in crate::http) roles: Vec<&'static str>,
    pub(in crate::http) expires_at: Timestamp,
    pub(in crate::http) token_use: &'static str,
}

/// `GET /auth/me`.
pub(in crate::http) async fn me(
    State(app): State<AppState>,
    _: NotEmbedded,
    context: RequestContext,
) -> Result<Json<Me>, AppError> {
    let claims = context.identity()?.claims();
    let expires_at = Timestamp::from_second(claims.expires_at);
    Ok(Json(Me {
        sub: claims.sub.clone(),
        username: claims.username.clone(),
        email: claims.email.clone(),
        groups: claims.groups.clone(),
        roles: app.desk.policy().roles(&context.caller).into_iter().map(Role::as_str).collect(),
        expires_at: expires_at.map_err(AppError::internal)?,
        token_use: claims.token_use.as_str(),
    }))
}

/// Parameter of `/auth/verify`.
#[derive(Deserialize)]
pub(in crate::http) struct VerifyParameters {
    action: Option<String>,
}

/// `GET /auth/verify?action=…`: for a proxy that asks before it forwards a request (nginx
/// `auth_request`, Traefik `ForwardAuth`, Envoy `ext_authz`).
///
/// 202 with the caller in three headers, or 401 or 403. Without an action being signed in is
/// enough, but an empty action is refused: the proxy's variable was empty. The groups are as fresh as the action needs; the email address is sent only if the pool
/// has verified it. A repeated `action` is refused: a proxy that passes on a part of the client's own
/// query must not let the client choose.
pub(in crate::http) async fn verify(
    State(app): State<AppState>,
    context: RequestContext,
    RawQuery(query): RawQuery,
    PageQuery(parameters): PageQuery<VerifyParameters>,
) -> Result<Response, AppError> {
    let query = query.unwrap_or_default();
    if url::form_urlencoded::parse(query.as_bytes())
        .any(|pair| pair == ("action".into(), "".into()))
    {
        return Err(unknown_action(""));
    }
    let action = match parameters.action {
        None => Action::ReadAccount,
        Some(name) => Action::named(&name).ok_or_else(|| unknown_action(&name))?,
    };
    let context = context.require_fresh(&app, action, action.max_groups_age_seconds()).await?;
    let claims = context.caller.identity().map(Identity::claims);
    let groups = claims.map(VerifiedClaims::comma_separated_groups).unwrap_or_default();
    let headers = [
        ("x-auth-request-user", claims.map(|claims| claims.username.as_str())),
        ("x-auth-request-email", claims.and_then(VerifiedClaims::verified_email)),
        ("x-auth-request-groups", Some(groups.as_str())),
    ];
    let headers = headers.map(|(name, value)| (name, header_value(value.unwrap_or_default())));
    Ok((StatusCode::ACCEPTED, AppendHeaders(headers)).into_response())
}

fn unknown_action(name: &str) -> AppError {
    let known: Vec<&str> = Action::ALL.into_iter().map(Action::as_str).collect();
    let name = shortened(name);
    AppError::bad_request(format!("Unknown action `{name}`. Allowed: {}.", known.join(", ")))
}

/// Makes a header for a proxy to set, empty if there is no value: if it were omitted, the proxy
/// would forward the client's own header of this name.
fn header_value(value: &str) -> HeaderValue {
    HeaderValue::from_bytes(value.as_bytes()).unwrap_or(HeaderValue::from_static(""))
}

/// Decision on one action.
#[derive(Serialize)]
pub(in crate::http) struct Explained {
    pub(in crate::http) action: &'static str,
    pub(in crate::http) allowed: bool,
    pub(in crate::http) reason: &'static str,
}

/// Body of `/auth/explain`.
#[derive(Serialize)]
pub(in crate::http) struct Explanation {
    /// Reason code for which the token was refused.
    pub(in crate::http) refused_token: Option<&'static str>,
    pub(in crate::http) actions: Vec<Explained>,
}

/// `GET /auth/explain`: the decision on each action, with its reason code.
pub(in crate::http) async fn explain(
    State(app): State<AppState>,
    _: NotEmbedded,
    context: RequestContext,
) -> Json<Explanation> {
    let actions = Action::ALL.map(|action| {
        let reason = app.desk.policy().decide(&context.caller, action);
        Explained { action: action.as_str(), allowed: reason.is_allowed(), reason: reason.as_str() }
    });
    let refused_token = context.token_error.map(gazette_authorizer::TokenError::code);
    Json(Explanation { refused_token, actions: actions.into() })
}
