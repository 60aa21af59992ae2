//! Time and memory that the bodies of requests may take.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

/// Time and memory that the bodies of requests may take.
#[derive(Clone, Debug)]
pub(in crate::http) struct BodyLimits {
    /// Time after which the rate counts.
    pub(super) grace: Duration,
    /// Minimum average rate.
    pub(super) bytes_per_second: u64,
    /// Time limit of any body.
    pub(super) total: Duration,
    /// Bytes that all bodies together may hold.
    pub(super) memory: Arc<Semaphore>,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self {
            grace: Duration::from_secs(5),
            bytes_per_second: 1024,
            total: Duration::from_secs(45),
            memory: Arc::new(Semaphore::new(64 * 1024 * 1024)),
        }
    }
}
