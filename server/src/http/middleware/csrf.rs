//! No other site may act through a reader's browser (CSRF-02).

use axum::extract::Request;
use axum::http::Method;
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

/// Refuses an unsafe request with our cookie from an unknown origin, which the library would accept.
pub(in crate::http) fn require_known_origin(
    app: &AppState,
    request: &Request,
) -> Result<(), AppError> {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // A token beside the cookie changes nothing: signing out acts on the cookie alone.
    if is_safe || !has_session_cookie(request.headers()) {
        return Ok(());
    }
    match origin_of(request.headers(), &app.site.public_url) {
        Origin::ThisSite | Origin::Navigation => Ok(()),
        Origin::Foreign | Origin::Unknown => Err(foreign_request()),
    }
}

fn refuse(_: ProtectionError) -> Response {
    foreign_request().into_response()
}

fn foreign_request() -> AppError {
    tracing::info!(reason = "deny.foreign-origin", "denied");
    AppError::foreign_request()
}
