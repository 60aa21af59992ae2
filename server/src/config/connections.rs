//! Number of connections, and the time that clients have to leave at a stop.

use clap::Args;

use super::parse::whole_number;

/// Number of connections, and the time that clients have to leave at a stop.
#[derive(Args, Clone, Debug)]
pub struct ConnectionConfig {
    /// Maximum number of open connections; the open files of the process may allow fewer.
    #[arg(
        long,
        env = "GAZETTE_MAX_CONNECTIONS",
        value_name = "NUMBER",
        default_value = "8192",
        value_parser = whole_number(1..=1_000_000_usize)
    )]
    pub max_connections: usize,
    /// Maximum number of open connections of one address (IPv6: of one /64 network); trusted
    /// proxies have no such limit.
    #[arg(
        long,
        env = "GAZETTE_MAX_CONNECTIONS_PER_ADDRESS",
        value_name = "NUMBER",
        default_value = "256",
        value_parser = whole_number(1..=1_000_000_usize)
    )]
    pub max_connections_per_address: usize,
    /// Seconds between a stop signal and the end of accepting connections, in which load
    /// balancers notice that the site is not ready any more.
    #[arg(
        long = "shutdown-grace",
        env = "GAZETTE_SHUTDOWN_GRACE",
        value_name = "SECONDS",
        default_value = "0",
        value_parser = whole_number(0..=3_600_u64)
    )]
    pub shutdown_grace_seconds: u64,
}
