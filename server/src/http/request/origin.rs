//! Origin of an unsafe request, as reported by the browser.

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;

/// Origin of a request, compared with the configured one and never with `Host`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Origin {
    /// A page of this site.
    ThisSite,
    /// No page: the person typed the address or followed a bookmark.
    Navigation,
    /// Another site.
    Foreign,
    /// The client sends no origin.
    Unknown,
}

/// Reads `Sec-Fetch-Site` and `Origin` of a request to the site at `public_url`.
pub(in crate::http) fn origin_of(headers: &HeaderMap, public_url: &str) -> Origin {
    // A value that is not text names no origin of ours.
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (_, Some(origin)) if origin != public_url => Origin::Foreign,
        (Some("same-origin"), _) | (None, Some(_)) => Origin::ThisSite,
        (Some("none"), _) => Origin::Navigation,
        (Some(_), _) => Origin::Foreign,
        (None, None) => Origin::Unknown,
    }
}
