//! Settings of the network around the site. This version counts nothing and trusts no proxy,
//! so they are checked and otherwise without effect; the README says so.

use std::net::{IpAddr, SocketAddr};

use super::fault::Faults;
use super::settings::Settings;

pub(super) fn check(settings: &Settings, faults: &mut Faults) {
    faults.parse("GAZETTE_METRICS_ADDR", settings.metrics_addr.as_deref(), (), |text| {
        if text == "off" || text.parse::<SocketAddr>().is_ok() {
            return Ok(());
        }
        Err(format!("{text:?} is neither off nor an address such as 127.0.0.1:9100"))
    });
    faults.parse("GAZETTE_TRUSTED_PROXIES", settings.trusted_proxies.as_deref(), (), |text| {
        let bad = text.split(',').map(str::trim).find(|network| !is_network(network));
        bad.map_or(Ok(()), |bad| Err(format!("{bad:?} is no network such as 10.0.0.0/8")))
    });
}

fn is_network(text: &str) -> bool {
    let (address, prefix) = text.split_once('/').unwrap_or((text, "0"));
    let longest = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    prefix.parse::<u8>().is_ok_and(|prefix| prefix <= longest)
}
