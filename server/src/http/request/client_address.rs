//! Address of the client, as far as it is known.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Address of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) struct ClientAddress {
    /// The address.
    pub(in crate::http) address: IpAddr,
    /// `true` if it is that of a trusted proxy, which did not say for whom it asks.
    pub(in crate::http) is_trusted: bool,
}

impl ClientAddress {
    /// Returns the address of a peer or, if that is a trusted proxy, the last address that no
    /// trusted proxy added to `X-Forwarded-For` (AZ-10).
    pub(in crate::http) fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let is_trusted = |address| is_trusted(address, trusted);
        if !is_trusted(peer) {
            return Self { address: peer, is_trusted: false };
        }
        let values = headers.get_all(FORWARDED_FOR).into_iter().rev();
        let hops = values.filter_map(|value| value.to_str().ok()).flat_map(|it| it.rsplit(','));
        for hop in hops {
            match hop.trim().parse::<IpAddr>() {
                Ok(address) if is_trusted(address) => {}
                Ok(address) => return Self { address, is_trusted: false },
                // What is before it may be made up.
                Err(_) => break,
            }
        }
        Self { address: peer, is_trusted: true }
    }
}

/// Checks whether an address is that of a trusted proxy.
pub(super) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> (String, bool) {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().expect("a value"));
        }
        let trusted = ["10.0.0.0/8".parse().expect("a network")];
        let client = ClientAddress::of(peer.parse().expect("an address"), &headers, &trusted);
        (client.address.to_string(), client.is_trusted)
    }

    #[test]
    fn az_10_only_a_trusted_proxy_names_the_client() {
        let known = |address: &str| (address.to_owned(), false);
        assert_eq!(client("192.0.2.1", &["198.51.100.7"]), known("192.0.2.1"));
        assert_eq!(client("10.0.0.1", &["198.51.100.7"]), known("198.51.100.7"));
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.7"]), known("198.51.100.7"));
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.0.0.2"]), known("198.51.100.7"));
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.7"]), known("198.51.100.7"));
        for unknown in [&[][..], &["x"], &["1.1.1.1, unknown"], &["10.0.0.3"]] {
            assert_eq!(client("10.0.0.1", unknown), ("10.0.0.1".to_owned(), true), "{unknown:?}");
        }
    }
}
