//! The layers that identify the caller of a request.

use std::convert::Infallible;

use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::Route;
use gazette_domain::Endpoint;
use tower::Layer;
use tower::layer::layer_fn;
use tower::util::Either;
use tower_service::Service;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer};

use crate::auth::TableSessionStore;
use crate::http::middleware::caller::Access;
use crate::http::middleware::clone_on_call::CloneOnCall;
use crate::http::middleware::with_cookies::WithCookies;
use crate::http::middleware::{caller, session_cookie};
use crate::http::state::AppState;

/// Requests of a route that pass the layers of sessions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SessionLayers {
    /// Those with a cookie. Without one, there is no session to look for.
    WithCookie,
    /// All: a handler that takes a `Session` needs them.
    Always,
}

impl SessionLayers {
    pub(super) fn of(endpoint: Endpoint) -> Self {
        match endpoint {
            Endpoint::Callback | Endpoint::Logout | Endpoint::EndAllSessions => Self::Always,
            _ => Self::WithCookie,
        }
    }
}

/// Returns the layers that identify the caller and ask the policy.
pub(super) fn identify(
    access: Access,
    session_layers: SessionLayers,
    state: &AppState,
) -> impl Layer<Route, Service: LayeredService> + Clone + Send + Sync + 'static {
    let sessions = (from_fn_with_state(state.clone(), session_cookie::guard), session_layer(state));
    let identify = from_fn_with_state((state.clone(), access), caller::identify);
    let identify = (identify, layer_fn(CloneOnCall::new));
    if session_layers == SessionLayers::Always {
        return Either::Left((sessions, identify));
    }
    let with_cookies = move |service| {
        WithCookies::new(CloneOnCall::new(service), |service| sessions.layer(service))
    };
    Either::Right((layer_fn(with_cookies), identify))
}

/// A service that axum accepts from a layer.
pub(super) trait LayeredService:
    Service<Request, Response = Response, Error = Infallible, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> LayeredService for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

fn session_layer(state: &AppState) -> SessionManagerLayer<TableSessionStore> {
    SessionManagerLayer::new(state.sessions.store())
        .with_name(state.cookies.session.clone())
        .with_secure(state.is_https())
        .with_http_only(true)
        // Lax, because the redirect back from the hosted UI is a cross-site navigation. Unsafe
        // requests are checked by their origin besides.
        .with_same_site(SameSite::Lax)
        .with_path("/")
        // The table decides how long a session lasts; the cookie only must not outlive it.
        .with_expiry(Expiry::OnInactivity(Duration::seconds(state.sessions.max_lifetime_seconds())))
}
