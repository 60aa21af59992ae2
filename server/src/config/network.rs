//! The network around the site. These settings are checked but have no effect in this version.

use std::net::{IpAddr, SocketAddr};

use clap::Args;

/// The network around the site.
#[derive(Args, Clone, Debug)]
pub struct NetworkConfig {
    /// Networks of trusted proxies, separated by commas; without effect in this version.
    #[arg(
        long,
        env = "GAZETTE_TRUSTED_PROXIES",
        value_name = "CIDRS",
        value_delimiter = ',',
        value_parser = network
    )]
    pub trusted_proxies: Vec<String>,
    /// Address for metrics, or off; without effect in this version.
    #[arg(long, env = "GAZETTE_METRICS_ADDR", value_name = "ADDRESS", value_parser = metrics_addr)]
    pub metrics_addr: Option<String>,
}

fn metrics_addr(text: &str) -> Result<String, String> {
    if text == "off" || text.parse::<SocketAddr>().is_ok() {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} is neither off nor an address such as 127.0.0.1:9100"))
}

fn network(text: &str) -> Result<String, String> {
    let text = text.trim();
    let (address, prefix) = text.split_once('/').unwrap_or((text, "0"));
    let max_prefix = match address.parse() {
        Ok(IpAddr::V4(_)) => Some(32),
        Ok(IpAddr::V6(_)) => Some(128),
        Err(_) => None,
    };
    let prefix = prefix.parse::<u8>().ok();
    if prefix.zip(max_prefix).is_some_and(|(prefix, max)| prefix <= max) {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} is not a network such as 10.0.0.0/8"))
}
