//! Signing out.

use axum::extract::State;
use axum::response::Response;
use tower_sessions::Session;

use crate::auth::EndReason;
use crate::http::reply::{AppError, sign_out_response};
use crate::http::request::RequestContext;
use crate::http::state::AppState;

/// `POST /auth/logout`: ends the session here, then at the hosted UI.
pub(in crate::http) async fn logout(
    State(app): State<AppState>,
    context: RequestContext,
    session: Session,
) -> Result<Response, AppError> {
    app.sessions.end(&session, context.presented.as_ref(), EndReason::SignedOut).await?;
    tracing::info!(signed_in = context.caller.identity().is_some(), "signed out");
    Ok(sign_out_response(&app).await)
}
