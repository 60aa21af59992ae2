//! The network around the site.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use clap::Args;
use ipnet::IpNet;

use super::parse::whole_number;
use super::rate_limits::RateLimits;

/// The network around the site.
#[derive(Args, Clone, Debug)]
pub struct NetworkConfig {
    /// Networks of trusted proxies, separated by commas: their X-Forwarded-For names the client,
    /// their X-Request-Id the request, and the number of connections of one address does not apply to
    /// them.
    #[arg(
        long,
        env = "GAZETTE_TRUSTED_PROXIES",
        value_name = "CIDRS",
        default_value = "127.0.0.0/8,::1",
        value_delimiter = ',',
        value_parser = network
    )]
    pub trusted_proxies: Vec<IpNet>,
    /// Rates of requests of each address and each person: on, off, or other rates such as
    /// sign-in=10/m,write=60/m,read=50/s,machine=100/s.
    #[arg(long, env = "GAZETTE_RATE_LIMIT", value_name = "RATES", default_value = "on")]
    pub rate_limit: RateLimits,
    /// Maximum number of requests in progress of each class (read, write, sign-in, machine); more
    /// are refused with 503 before their bodies are read.
    #[arg(
        long,
        env = "GAZETTE_MAX_REQUESTS",
        value_name = "NUMBER",
        default_value = "1024",
        value_parser = whole_number(1..=1_000_000_usize)
    )]
    pub max_requests: usize,
    /// Milliseconds that requests may wait for a CPU, or off. After 50 ms over this limit, new requests
    /// are refused with 503.
    #[arg(
        long,
        env = "GAZETTE_MAX_QUEUE_DELAY",
        value_name = "MILLISECONDS",
        default_value = "10",
        value_parser = max_queue_delay
    )]
    pub max_queue_delay: MaxQueueDelay,
    /// Address of /metrics for Prometheus, or off [default: 127.0.0.1:9100, if it is free].
    #[arg(long, env = "GAZETTE_METRICS_ADDR", value_name = "ADDRESS", value_parser = metrics_addr)]
    pub metrics_addr: Option<MetricsAddr>,
}

/// Maximum queueing delay of requests; `None` if there is no limit.
#[derive(Clone, Copy, Debug)]
pub struct MaxQueueDelay(pub Option<Duration>);

impl fmt::Display for MaxQueueDelay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(wait) => write!(formatter, "{} ms", wait.as_millis()),
            None => formatter.write_str("off"),
        }
    }
}

/// Address of the metrics.
#[derive(Clone, Copy, Debug)]
pub enum MetricsAddr {
    /// There are none.
    Off,
    /// They are here.
    On(SocketAddr),
}

impl MetricsAddr {
    /// Address without a setting.
    pub const DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9100);
}

fn max_queue_delay(text: &str) -> Result<MaxQueueDelay, String> {
    let wait = match text {
        "off" => None,
        _ => Some(whole_number(1..=10_000_u64)(text).map_err(|error| format!("{error}, or off"))?),
    };
    Ok(MaxQueueDelay(wait.map(Duration::from_millis)))
}

fn metrics_addr(text: &str) -> Result<MetricsAddr, String> {
    match text.parse() {
        Ok(addr) => return Ok(MetricsAddr::On(addr)),
        Err(_) if text == "off" => return Ok(MetricsAddr::Off),
        Err(_) => {}
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
