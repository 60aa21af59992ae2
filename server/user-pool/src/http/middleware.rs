//! Checks on every request, and default headers of every response.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::form_state::{FORM_STATE, MAX_FORM_STATE_BYTES};
use super::pages;
use crate::pool::UserPool;

/// Maximum length of a query, without the state of a form.
const MAX_QUERY_BYTES: usize = 8 * 1024;

/// Headers that are added unless a response sets them itself.
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

/// Refuses other hosts and long queries, lays out pages, and adds headers against caching, framing
/// and MIME sniffing.
pub(super) async fn guard(State(pool): State<UserPool>, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let has_state = query.contains(FORM_STATE);
    let max_bytes = MAX_QUERY_BYTES + if has_state { MAX_FORM_STATE_BYTES } else { 0 };
    let is_too_long = query.len() > max_bytes;
    let response = if !has_loopback_host(&request) {
        let message = "This user pool only accepts requests to localhost.";
        pages::message(StatusCode::MISDIRECTED_REQUEST, message).into_response()
    } else if is_too_long {
        pages::message(StatusCode::URI_TOO_LONG, "This address is too long.").into_response()
    } else {
        next.run(request).await
    };
    let mut response = pages::lay_out(&pool.state.settings, response);
    for (name, value) in DEFAULTS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

/// Checks that the request was sent to a loopback host. A site that points its own host name
/// at this machine (DNS rebinding) sends that name.
fn has_loopback_host(request: &Request) -> bool {
    let host = match request.headers().get(HOST).map(HeaderValue::to_str) {
        Some(Ok(host)) => host,
        Some(Err(_)) => return false,
        None => match request.uri().host() {
            Some(host) => host,
            None => return true,
        },
    };
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|c| c.is_ascii_digit()));
    matches!(name.map_or(host, |(name, _)| name), "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn pool_01_only_loopback_hosts_are_served() {
        let is_served = |host: &[u8]| {
            let request = Request::builder().header(HOST, host).body(Body::empty());
            has_loopback_host(&request.unwrap())
        };
        for host in ["localhost", "localhost:4000", "127.0.0.1:4000", "[::1]:4000", "[::1]"] {
            assert!(is_served(host.as_bytes()), "{host}");
        }
        for host in
            ["evil.example", "evil.example:4000", "localhost.evil.example", "127.0.0.1.x", ""]
        {
            assert!(!is_served(host.as_bytes()), "{host}");
        }
        assert!(!is_served(b"localhost\xff"));
        assert!(!is_served("m\u{fc}ller.example".as_bytes()));
    }
}
