//! Which addresses may be asked for something that is then trusted.

use url::{Host, Url};

/// Whether what comes from the address can be trusted: https, or http that never leaves
/// the machine; in both cases without a user name, which only ever misleads the reader.
pub(crate) fn is_trustworthy(url: &Url) -> bool {
    let guarded = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url));
    guarded && url.has_host() && url.username().is_empty() && url.password().is_none()
}

/// Whether the host is this machine by definition, whatever a name server says.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
