//! Addresses whose connections are counted together.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

/// Host part of an IPv6 address. A client usually controls its whole /64.
const IPV6_HOST_MASK: u128 = u64::MAX as u128;

/// Address at the other end of the connection, in the extensions of each request.
#[derive(Clone, Copy, Debug)]
pub struct PeerAddress(pub IpAddr);

/// Address, or /64 network of IPv6, whose connections are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Peer(IpAddr);

impl Peer {
    /// Returns the peer of an address; `None` for a trusted proxy.
    pub(super) fn of(address: IpAddr, trusted: &[IpNet]) -> Option<Self> {
        let address = address.to_canonical();
        if trusted.iter().any(|network| network.contains(&address)) {
            return None;
        }
        Some(Self(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !IPV6_HOST_MASK))
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> Option<Peer> {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/16".parse().unwrap()];
        Peer::of(address.parse().unwrap(), &trusted)
    }

    #[test]
    fn ipv6_addresses_of_one_network_are_one_peer() {
        assert_eq!(peer("2001:db8::1"), peer("2001:db8::ffff:1"));
        assert_ne!(peer("2001:db8::1"), peer("2001:db8:0:1::1"));
        assert_ne!(peer("192.0.2.1"), peer("192.0.2.2"));
    }

    #[test]
    fn a_trusted_proxy_has_no_limit_also_as_a_mapped_address() {
        for address in ["10.1.2.3", "::ffff:10.1.2.3", "fd00::1"] {
            assert_eq!(peer(address), None, "{address}");
        }
        assert_eq!(peer("::ffff:192.0.2.1"), peer("192.0.2.1"));
    }
}
