//! Intervals and timeouts of a key source.

use std::time::Duration;

use crate::document::Timeouts;

/// Intervals and timeouts of a [`crate::KeySource`].
#[derive(Clone, Copy, Debug)]
pub struct KeySourceOptions {
    /// Interval between regular fetches; a removed key is refused after it at the latest.
    pub refresh_every: Duration,
    /// Interval after a failed regular fetch, while keys are cached.
    pub retry_every: Duration,
    /// Interval after a failed fetch, while no keys are cached.
    pub retry_first_every: Duration,
    /// Minimum interval between fetches for unknown keys.
    pub cool_down: Duration,
    /// Maximum age of keys while the issuer cannot be reached.
    pub max_stale: Duration,
    /// Timeout for the connection to the issuer.
    pub connect_timeout: Duration,
    /// Timeout for a whole fetch.
    pub total_timeout: Duration,
}

impl Default for KeySourceOptions {
    fn default() -> Self {
        let Timeouts { connect, total } = Timeouts::default();
        Self {
            refresh_every: Duration::from_mins(10),
            retry_every: Duration::from_mins(1),
            retry_first_every: Duration::from_secs(1),
            cool_down: Duration::from_secs(10),
            max_stale: Duration::from_hours(24),
            connect_timeout: connect,
            total_timeout: total,
        }
    }
}

impl KeySourceOptions {
    /// Returns the options for a file: reading one often costs nothing.
    pub fn of_file() -> Self {
        let interval = Duration::from_secs(5);
        Self {
            refresh_every: interval,
            retry_every: interval,
            cool_down: Duration::from_secs(1),
            ..Self::default()
        }
    }
}
