//! Who the caller is, and what that allows, as JSON.

use axum::extract::State;
use axum::{Extension, Json};
use gazette_domain::{Action, Role};
use jiff::Timestamp;
use serde::Serialize;

use crate::http::caller::Visit;
use crate::http::failure::Failure;
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
    Extension(visit): Extension<Visit>,
) -> Result<Json<Me>, Failure> {
    visit.require(app.desk.policy(), Action::ReadAccount)?;
    let identity = visit.caller.identity().ok_or_else(Failure::not_found)?;
    let claims = identity.claims();
    let expires_at = Timestamp::from_second(claims.expires_at);
    Ok(Json(Me {
        sub: claims.sub.clone(),
        username: claims.username.clone(),
        email: claims.email.clone(),
        groups: claims.groups.clone(),
        roles: app.desk.policy().roles(&visit.caller).into_iter().map(Role::as_str).collect(),
        expires_at: expires_at.map_err(|error| Failure::internal(&error))?,
        token_use: claims.token_use.as_str(),
    }))
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
    token: Option<&'static str>,
    actions: Vec<Explained>,
}

/// `GET /auth/explain`: each action, whether it is allowed, and why.
pub(super) async fn explain(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
) -> Json<Explanation> {
    let actions = Action::ALL.map(|action| {
        let reason = app.desk.policy().decide(&visit.caller, action);
        Explained { action: action.as_str(), allowed: reason.is_allowed(), reason: reason.as_str() }
    });
    let token = visit.refusal.map(gazette_authorizer::Refusal::code);
    Json(Explanation { token, actions: actions.into() })
}
