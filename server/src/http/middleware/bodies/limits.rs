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
    /// Bytes of one body that its handler keeps at most; it drops what comes after them.
    pub(super) held: usize,
    /// Bytes that all bodies together may hold.
    pub(super) memory: Arc<Semaphore>,
}

/// Size from which a body is a file, which a slow line may take minutes to send.
const FILE_BYTES: usize = 4 * 1024 * 1024;

impl BodyLimits {
    /// Returns the limits of bodies of at most this size, of which `held` bytes are kept; the memory
    /// is shared.
    pub(in crate::http) fn of_size(&self, bytes: usize, held: usize) -> Self {
        if bytes < FILE_BYTES {
            return Self { held, ..self.clone() };
        }
        let total = Duration::from_mins(5);
        Self { bytes_per_second: 16 * 1024, total, held, ..self.clone() }
    }
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self {
            grace: Duration::from_secs(5),
            bytes_per_second: 1024,
            total: Duration::from_secs(45),
            held: usize::MAX,
            memory: Arc::new(Semaphore::new(64 * 1024 * 1024)),
        }
    }
}
