//! Limits of a listener.

use std::time::Duration;

use ipnet::IpNet;

/// Open files that are kept for the store, the log and outgoing connections.
const OTHER_OPEN_FILES: usize = 256;

/// Limits of a listener. Tests shorten the times; users set the numbers only.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Maximum number of open connections.
    pub max_connections: usize,
    /// Maximum number of open connections of one address, or of one /64 network of IPv6.
    pub max_connections_per_address: usize,
    /// Networks whose addresses have no limit of their own.
    pub trusted_proxies: Vec<IpNet>,
    /// Further connections that get a response to a health check, and 503 to anything else.
    pub reserve: usize,
    /// Paths of the health checks.
    pub health_checks: &'static [&'static str],
    /// Time from a connection to the head of its first request, and from the first byte of a
    /// later head to its end.
    pub head_timeout: Duration,
    /// Time between requests.
    pub idle_timeout: Duration,
    /// Time without progress after which a response that the client does not read is dropped.
    pub write_timeout: Duration,
    /// Time without progress of a body or response after which a connection may be closed to
    /// make room for another.
    pub stall_timeout: Duration,
    /// Time without a request after which a connection is closed during the drain.
    pub settle_timeout: Duration,
    /// Time limit of the drain.
    pub drain_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: 8_192,
            max_connections_per_address: 256,
            trusted_proxies: Vec::new(),
            reserve: 64,
            health_checks: &[],
            head_timeout: Duration::from_secs(5),
            // Longer than the 60 seconds of most load balancers, which otherwise reuse a
            // connection that is being closed.
            idle_timeout: Duration::from_secs(80),
            write_timeout: Duration::from_secs(30),
            stall_timeout: Duration::from_secs(1),
            settle_timeout: Duration::from_millis(500),
            drain_timeout: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// Lowers the number of connections to what the open files of the process allow, which
    /// `listeners` share.
    #[must_use]
    pub fn within(self, open_files: Option<usize>, listeners: usize) -> Self {
        let Some(open_files) = open_files else { return self };
        let share = open_files.saturating_sub(OTHER_OPEN_FILES) / listeners.max(1);
        let allowed = share.saturating_sub(self.reserve).max(1);
        Self { max_connections: self.max_connections.min(allowed), ..self }
    }
}

/// Raises the soft limit of open files to the hard one, and returns it; `None` if unlimited.
pub fn raise_open_files() -> Option<usize> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let limit = if raised.is_ok() { maximum } else { current };
    limit.and_then(|limit| usize::try_from(limit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_open_files_lower_the_number_of_connections() {
        assert_eq!(Limits::default().within(None, 1).max_connections, 8_192);
        assert_eq!(Limits::default().within(Some(1_024), 1).max_connections, 704);
        assert_eq!(Limits::default().within(Some(1_024), 2).max_connections, 320);
        assert_eq!(Limits::default().within(Some(10), 2).max_connections, 1);
    }
}
