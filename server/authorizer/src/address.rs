//! The URLs from which documents may be fetched and trusted.

use url::{Host, Url};

/// Checks that a document from the URL can be trusted: https, or http on loopback. A username
/// is refused, because it disguises the host.
pub(crate) fn is_trustworthy(url: &Url) -> bool {
    let is_secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url));
    is_secure && url.has_host() && url.username().is_empty() && url.password().is_none()
}

/// Returns the origin of a URL that consists of nothing else, in its normal form.
pub fn origin(url: &Url) -> Option<String> {
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    (is_bare && !has_credentials).then(|| url.origin().ascii_serialization())
}

/// Checks that the host is loopback by definition, independent of DNS.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
