//! The network around the site.

use std::net::{IpAddr, SocketAddr};

use clap::Args;
use ipnet::IpNet;

/// The network around the site.
#[derive(Args, Clone, Debug)]
pub struct NetworkConfig {
    /// Networks of trusted proxies, separated by commas; the number of connections of one address
    /// does not apply to them.
    #[arg(
        long,
        env = "GAZETTE_TRUSTED_PROXIES",
        value_name = "CIDRS",
        default_value = "127.0.0.0/8,::1",
        value_delimiter = ',',
        value_parser = network
    )]
    pub trusted_proxies: Vec<IpNet>,
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

/// Parses a network, or an address as the network of that address alone.
fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address
        .or_else(|_| text.parse())
        .map_err(|_| format!("{text:?} is not a network such as 10.0.0.0/8"))
}
