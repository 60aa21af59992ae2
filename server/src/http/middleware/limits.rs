//! Size of the parts of a request, and its `Host`.

use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, HOST};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Version};
use gazette_domain::{Endpoint, Method};

use crate::http::reply::AppError;
use crate::http::request::{
    BODY_TOO_LARGE, FORM_TOO_LARGE, MAX_BODY_BYTES, is_form, max_body_bytes,
};
use crate::images::ImageError;

const MAX_ADDRESS_BYTES: usize = 8 * 1024;
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// Returns what is wrong with the sizes or the host of a request.
pub(in crate::http) fn check(request: &Request) -> Result<(), AppError> {
    check_target(request)?;
    check_sizes(request).and_then(|()| check_host(request))
}

/// Refuses what names no resource of a site: a host alone, as for a tunnel, and another scheme (RFC 9112 §3.2).
fn check_target(request: &Request) -> Result<(), AppError> {
    let uri = request.uri();
    let is_of_a_site = match uri.scheme_str() {
        Some(scheme) => matches!(scheme, "http" | "https"),
        None => uri.authority().is_none(),
    };
    if is_of_a_site {
        return Ok(());
    }
    Err(AppError::bad_request("The target of the request must be a path, such as /news."))
}

fn check_sizes(request: &Request) -> Result<(), AppError> {
    let address = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    if address > MAX_ADDRESS_BYTES {
        return Err(AppError::with_message(
            StatusCode::URI_TOO_LONG,
            "The URL is longer than 8 KiB. Shorten it.",
        ));
    }
    if size(request.headers()) > MAX_HEADER_BYTES {
        let message =
            "The headers are larger than 16 KiB. Delete this site's cookies or send fewer headers.";
        return Err(AppError::with_message(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, message));
    }
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let announced = announced.and_then(|text| text.parse().ok()).unwrap_or(0);
    if announced > MAX_BODY_BYTES {
        check_body(request, announced)?;
    }
    Ok(())
}

/// Refuses a body that is larger than its route reads.
fn check_body(request: &Request, announced: usize) -> Result<(), AppError> {
    let endpoint = Endpoint::find(Method::Post, request.uri().path());
    let endpoint = endpoint.filter(|_| request.method() == axum::http::Method::POST);
    let max = endpoint.map_or(MAX_BODY_BYTES, max_body_bytes);
    if announced <= max {
        Ok(())
    } else if max > MAX_BODY_BYTES {
        Err(ImageError::TooLarge.into())
    } else {
        let message = if is_form(request.headers()) { FORM_TOO_LARGE } else { BODY_TOO_LARGE };
        Err(AppError::with_message(StatusCode::PAYLOAD_TOO_LARGE, message))
    }
}

/// Refuses HTTP/1.1 requests without exactly one valid `Host` (RFC 9112 §3.2).
///
/// A proxy and this server could otherwise disagree on where a request belongs.
fn check_host(request: &Request) -> Result<(), AppError> {
    let mut hosts = request.headers().get_all(HOST).into_iter();
    let is_good = match (hosts.next(), hosts.next()) {
        (Some(host), None) => is_authority(host),
        // HTTP/2 has `:authority` instead, and HTTP/1.0 need not name a host.
        (None, _) => request.version() != Version::HTTP_11,
        (Some(_), Some(_)) => false,
    };
    if is_good {
        return Ok(());
    }
    Err(AppError::bad_request(
        "The Host header is missing, repeated or not valid. Send exactly one.",
    ))
}

fn is_authority(host: &HeaderValue) -> bool {
    // Empty if the URL of the client has no authority.
    host.is_empty()
        || is_plain_authority(host.as_bytes())
        || Authority::try_from(host.as_bytes()).is_ok_and(|host| !host.as_str().contains('@'))
}

/// Returns whether a host is a plain name or address of IPv4, with a port or without. Nearly all are,
/// and need no copy to be parsed.
fn is_plain_authority(host: &[u8]) -> bool {
    let is_name = |name: &[u8]| {
        !name.is_empty()
            && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(byte))
    };
    let is_port =
        |port: &[u8]| (1..=5).contains(&port.len()) && port.iter().all(u8::is_ascii_digit);
    match host.iter().position(|byte| *byte == b':') {
        None => is_name(host),
        Some(colon) => {
            let (name, port) = host.split_at(colon);
            is_name(name) && port.strip_prefix(b":").is_some_and(is_port)
        }
    }
}

fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_plain_authority_is_one(host in "([a-z0-9.-]|:|@|_|\\[|\\]| ){0,12}(:[0-9]{0,6})?") {
            if is_plain_authority(host.as_bytes()) {
                prop_assert!(Authority::try_from(host.as_bytes()).is_ok(), "{host}");
            }
        }

        #[test]
        fn names_with_and_without_ports_are_plain(host in "[A-Za-z0-9.-]{1,30}(:[0-9]{1,5})?") {
            prop_assert!(is_plain_authority(host.as_bytes()));
            prop_assert!(Authority::try_from(host.as_bytes()).is_ok());
        }
    }
}
