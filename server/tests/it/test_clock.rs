//! The clock of a world.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// A clock that a test can move and stop; by default that of the system.
#[derive(Debug, Default)]
pub(crate) struct TestClock {
    seconds_ahead: AtomicI64,
    /// The system's time when the clock was stopped.
    stopped_at: OnceLock<Timestamp>,
}

impl TestClock {
    /// Returns a clock at the start of the next minute.
    ///
    /// Pages are cached until the minute ends, so a test of caches that began in its middle would
    /// see some of them made again.
    pub(crate) fn at_start_of_minute() -> Self {
        let seconds_ahead = 60 - Timestamp::now().as_second().rem_euclid(60);
        Self { seconds_ahead: seconds_ahead.into(), ..Self::default() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let now = self.stopped_at.get().copied().unwrap_or_else(Timestamp::now);
        now + SignedDuration::from_secs(self.seconds_ahead.load(Ordering::SeqCst))
    }

    pub(crate) fn move_forward(&self, seconds: i64) {
        self.seconds_ahead.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Stops the clock, if it was not stopped before.
    pub(crate) fn stop(&self) {
        self.stopped_at.get_or_init(Timestamp::now);
    }
}
