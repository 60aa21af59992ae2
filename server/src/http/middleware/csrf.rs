//! No other site may act through a reader's browser (CSRF-02).

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::http::reply::AppError;
use crate::http::request::{Origin, has_session_cookie, origin_of};
use crate::http::state::AppState;

type Rejection = fn(ProtectionError) -> Response;

/// Makes the library's layer: it requires browsers to send this site as the origin.
pub(in crate::http) fn layer(public_url: &str) -> CsrfLayer<Rejection> {
    let layer = CsrfLayer::new();
    // The configuration has checked the origin; without it the rule is only stricter.
    let layer = layer.clone().add_trusted_origin(public_url).unwrap_or(layer);
    layer.with_rejection_response(refuse as Rejection)
}

/// Rejects requests that the library accepts: an unsafe request with our cookie from an unknown origin.
pub(in crate::http) async fn require_known_origin(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // A token beside the cookie changes nothing: signing out acts on the cookie alone.
    if is_safe || !has_session_cookie(request.headers()) {
        return next.run(request).await;
    }
    match origin_of(request.headers(), &app.site.public_url) {
        Origin::ThisSite | Origin::Navigation => next.run(request).await,
        Origin::Foreign | Origin::Unknown => foreign_request(),
    }
}

fn refuse(_: ProtectionError) -> Response {
    foreign_request()
}

fn foreign_request() -> Response {
    tracing::info!(reason = "deny.foreign-origin", "denied");
    AppError::foreign_request().into_response()
}
