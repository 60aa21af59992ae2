//! CPU time of the current thread.

use std::time::Duration;

use crate::markdown::error::{MAX_TIME, RenderError};

/// Measures the time that this thread has worked since the start.
///
/// CPU time, not wall time: a busy machine must not make a story unacceptable.
pub(super) struct Stopwatch(Duration);

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self(thread_time())
    }

    /// Checks that the time limit is not exceeded.
    pub(super) fn check(&self) -> Result<(), RenderError> {
        let elapsed = thread_time().saturating_sub(self.0);
        if elapsed <= MAX_TIME { Ok(()) } else { Err(RenderError::TooSlow) }
    }
}

fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}
