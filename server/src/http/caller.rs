//! Who is asking, decided once per request: an `Authorization` header, else the session,
//! else nobody. Nothing else in a request is ever believed.

use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gazette_app::{Frame, Viewer};
use gazette_authorizer::{TokenError, bearer_token};
use gazette_domain::{Action, Caller, NewsDesk, Policy};
use tower_sessions::Session;

use crate::auth::{SessionError, SessionHash, Sessions};
use crate::http::error::AppError;
use crate::http::request_id::RequestId;
use crate::http::state::AppState;

/// One request, as far as handlers need to know it.
#[derive(Clone, Debug)]
pub(super) struct RequestContext {
    /// On whose behalf.
    pub(super) caller: Caller,
    /// Why the token in the `Authorization` header was not accepted.
    pub(super) token_error: Option<TokenError>,
    /// The session that says so, if one does.
    pub(super) session: Option<Session>,
    /// The session whose cookie came along, whether it is believed or not.
    pub(super) presented: Option<SessionHash>,
    /// Path and query, to come back to after signing in.
    pub(super) path: String,
    /// Whether that session cannot be read now, so that nobody knows whose it is.
    pub(super) unsure: bool,
    /// Names the request in logs.
    pub(super) request_id: RequestId,
}

/// Finds out who is asking and tells everything behind it.
pub(super) async fn identify(
    State(app): State<AppState>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let now = app.clock.now().as_second();
    let presented = Sessions::hash_of(&session);
    let mut unsure = false;
    let (caller, token_error, session) = match bearer_token(authorization(request.headers())) {
        Some(token) => {
            let (caller, token_error) = by_token(&app, token, now).await;
            (caller, token_error, None)
        }
        None => match app.sessions.identity(&session).await {
            Ok(Some(identity)) => (Caller::SignedIn(identity), None, Some(session)),
            Ok(None) => (Caller::Anonymous, None, None),
            // Reading goes on when sessions cannot be read; what needs a person is told so.
            Err(error) if is_public(&request) => {
                tracing::warn!(%error, "a session says nothing now; served as anonymous");
                unsure = true;
                (Caller::Anonymous, None, None)
            }
            Err(error) => return AppError::session(&error).into_response(),
        },
    };
    let context = RequestContext {
        caller,
        token_error,
        session,
        presented,
        unsure,
        path: request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        request_id: request.extensions().get().cloned().unwrap_or_default(),
    };
    request.extensions_mut().insert(context.clone());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(context);
    response
}

impl RequestContext {
    /// Lets an action pass or fails the request; either way the log has the reason code.
    pub(super) fn require(&self, policy: &Policy, action: Action) -> Result<(), AppError> {
        let reason = policy.decide(&self.caller, action).as_str();
        match policy.authorize(&self.caller, action) {
            Ok(()) => {
                tracing::debug!(action = action.as_str(), reason, "allowed");
                Ok(())
            }
            Err(denial) => {
                let token = self.token_error.map(TokenError::code);
                tracing::info!(action = action.as_str(), reason, token, "denied");
                Err(AppError::denied(denial, self))
            }
        }
    }

    /// The desk, whose changes the audit log ties to this request.
    pub(super) fn desk(&self, app: &AppState) -> NewsDesk {
        app.desk.in_request(self.request_id.as_str())
    }

    /// Lets a destructive action pass only on groups that the pool has confirmed within the
    /// last minute, if it is a session that vouches; what goes on is a context with these.
    ///
    /// A token is taken at its word until it ends, as the pool made it to be.
    pub(super) async fn require_fresh(
        self,
        app: &AppState,
        action: Action,
    ) -> Result<Self, AppError> {
        self.require(app.desk.policy(), action)?;
        let Some(session) = &self.session else { return Ok(self) };
        let caller = match app.sessions.fresh_identity(session).await {
            Ok(identity) => identity.map_or(Caller::Anonymous, Caller::SignedIn),
            Err(SessionError::PoolUnavailable) => return Err(AppError::rights_unknown()),
            Err(error) => return Err(AppError::session(&error)),
        };
        let context = Self { caller, ..self };
        context.require(app.desk.policy(), action)?;
        Ok(context)
    }

    /// The frame of a page for this context.
    pub(super) async fn frame(&self, app: &AppState) -> Frame {
        let sections = app.desk.sections().await.unwrap_or_else(|error| {
            // A page without its navigation is better than no page.
            tracing::warn!(%error, "the sections cannot be read");
            Vec::new()
        });
        Frame {
            site: std::sync::Arc::clone(&app.site),
            viewer: Viewer::of(&self.caller, app.desk.policy()),
            sections,
            unsure: self.unsure,
            path: self.path.clone(),
            now: app.clock.now(),
        }
    }
}

async fn by_token(
    app: &AppState,
    token: Result<&str, TokenError>,
    now: i64,
) -> (Caller, Option<TokenError>) {
    let verified = match token {
        Ok(token) => app.authorizer.verify_bearer(token, now).await,
        Err(token_error) => Err(token_error),
    };
    match verified {
        Ok(identity) => (Caller::SignedIn(identity), None),
        Err(token_error) => {
            tracing::info!(token = token_error.code(), "a token was refused");
            (Caller::Anonymous, Some(token_error))
        }
    }
}

fn authorization(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(AUTHORIZATION).into_iter().map(HeaderValue::as_bytes)
}

/// Whether the request reads what everybody may read, so that it needs no session.
fn is_public(request: &Request) -> bool {
    let room = request.uri().path().split('/').nth(1).unwrap_or_default();
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    reading && !matches!(room, "auth" | "desk" | "account" | "kept" | "saved")
}
