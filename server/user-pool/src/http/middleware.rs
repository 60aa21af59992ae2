//! Checks on every request, and default headers of every response.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode, Version};
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
    let refusal = if !has_one_host(&request) {
        Some((StatusCode::BAD_REQUEST, "A request must have one Host header."))
    } else if !has_loopback_host(&request) {
        let message = "This user pool only accepts requests to localhost.";
        Some((StatusCode::MISDIRECTED_REQUEST, message))
    } else if is_too_long {
        Some((StatusCode::URI_TOO_LONG, "This address is too long."))
    } else {
        None
    };
    let response = match refusal {
        Some((status, message)) => pages::message(status, message).into_response(),
        None => next.run(request).await,
    };
    let mut response = pages::lay_out(&pool.state.settings, response);
    for (name, value) in DEFAULTS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

/// Checks that the request has no second `Host` header, and with HTTP/1.1 one (RFC 9112 §3.2).
fn has_one_host(request: &Request) -> bool {
    match request.headers().get_all(HOST).iter().count() {
        0 => request.version() != Version::HTTP_11,
        count => count == 1,
    }
}

/// Checks that the request was sent to a loopback host: both the header and an absolute target
/// must name one. A site that points its own host name at this machine (DNS rebinding) sends that
/// name.
fn has_loopback_host(request: &Request) -> bool {
    let header = request.headers().get(HOST);
    header.is_none_or(|host| host.to_str().is_ok_and(is_loopback))
        && request.uri().host().is_none_or(is_loopback)
}

fn is_loopback(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|c| c.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|known| known.eq_ignore_ascii_case(name))
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
        for host in [
            "localhost",
            "LocalHost:4000",
            "localhost:4000",
            "127.0.0.1:4000",
            "[::1]:4000",
            "[::1]",
        ] {
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

    #[test]
    fn pool_01_an_absolute_target_must_name_a_loopback_host_too() {
        for (target, is_served) in [
            ("http://localhost:4000/login", true),
            ("http://LOCALHOST/login", true),
            ("http://evil.example/login", false),
            ("/login", true),
        ] {
            let request = Request::builder().uri(target).header(HOST, "localhost:4000");
            let request = request.body(Body::empty()).unwrap();
            assert_eq!(has_loopback_host(&request), is_served, "{target}");
        }
    }

    #[test]
    fn pool_01_a_request_has_one_host_header() {
        for (hosts, version, is_valid) in [
            (&["localhost"][..], Version::HTTP_11, true),
            (&[], Version::HTTP_11, false),
            (&[], Version::HTTP_10, true),
            (&[], Version::HTTP_2, true),
            (&["localhost", "localhost"], Version::HTTP_11, false),
            (&["localhost", "evil.example"], Version::HTTP_10, false),
        ] {
            let mut request = Request::builder().version(version);
            for host in hosts {
                request = request.header(HOST, *host);
            }
            let request = request.body(Body::empty()).unwrap();
            assert_eq!(has_one_host(&request), is_valid, "{hosts:?} {version:?}");
        }
    }
}
