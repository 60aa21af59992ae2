//! No other site may act through a reader's browser (CSRF-02).

use axum::extract::{Request, State};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::http::error::AppError;
use crate::http::session_cookie::has_session_cookie;
use crate::http::state::AppState;

type Rejection = fn(ProtectionError) -> Response;

/// The library's rule: a browser must say that the request comes from this site.
pub(super) fn layer(public_url: &str) -> CsrfLayer<Rejection> {
    let layer = CsrfLayer::new();
    // The configuration has checked the origin; without it the rule is only stricter.
    let layer = layer.clone().add_trusted_origin(public_url).unwrap_or(layer);
    layer.with_rejection_response(refuse as Rejection)
}

/// What the library lets pass and we do not: with a cookie, an unsafe request must say where
/// it comes from, and what it says is compared with the configured origin, never with `Host`.
pub(super) async fn require_known_origin(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || comes_from(request.headers(), &app.site.public_url) {
        return next.run(request).await;
    }
    AppError::foreign_request().into_response()
}

fn comes_from(headers: &HeaderMap, public_url: &str) -> bool {
    // Without our cookie nobody is signed in, whatever a browser was made to send. A token beside
    // the cookie changes nothing: signing out acts on the cookie alone.
    if !has_session_cookie(headers) {
        return true;
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (_, Some(origin)) if origin != public_url => false,
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, origin) => origin.is_some(),
    }
}

fn refuse(_: ProtectionError) -> Response {
    AppError::foreign_request().into_response()
}
