//! What every answer carries, and the limit every request keeps.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::pages;

/// The longest query that is read, in bytes.
const MAX_QUERY_BYTES: usize = 8 * 1024;

/// Given to answers that say nothing else themselves.
const DEFAULTS: [(HeaderName, HeaderValue); 5] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// Whether the request was made to a loopback name. A page elsewhere that has its own name
/// point here (DNS rebinding) gives itself away by that name.
fn names_this_machine(request: &Request) -> bool {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let Some(host) = host.or(request.uri().host()) else { return true };
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|c| c.is_ascii_digit()));
    matches!(name.map_or(host, |(name, _)| name), "localhost" | "127.0.0.1" | "[::1]")
}

/// Refuses overlong queries and names of other machines, and adds the headers that keep answers from being
/// stored, framed or guessed at.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let query_bytes = request.uri().query().map_or(0, str::len);
    let mut response = if !names_this_machine(&request) {
        let message = "This user pool answers to the names of this machine only.";
        pages::message(StatusCode::MISDIRECTED_REQUEST, message).into_response()
    } else if query_bytes > MAX_QUERY_BYTES {
        pages::message(StatusCode::URI_TOO_LONG, "The address is too long.").into_response()
    } else {
        next.run(request).await
    };
    for (name, value) in DEFAULTS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn pool_01_only_names_of_this_machine_are_answered_to() {
        let named = |host: &str| {
            let request = Request::builder().header(HOST, host).body(Body::empty());
            names_this_machine(&request.unwrap())
        };
        for host in ["localhost", "localhost:4000", "127.0.0.1:4000", "[::1]:4000", "[::1]"] {
            assert!(named(host), "{host}");
        }
        for host in
            ["evil.example", "evil.example:4000", "localhost.evil.example", "127.0.0.1.x", ""]
        {
            assert!(!named(host), "{host}");
        }
    }
}
