//! The clock and the generator of ids.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Clock of the process. Clones share their offset.
#[derive(Clone)]
pub struct Clock {
    read: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    seconds_ahead: Arc<AtomicI64>,
}

impl Clock {
    /// Returns the system clock.
    pub fn system() -> Self {
        Self::new(Timestamp::now)
    }

    /// Returns a clock for tests.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { read: Arc::new(now), seconds_ahead: Arc::default() }
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.seconds_ahead.load(Ordering::Relaxed));
        let read = (self.read)();
        read.checked_add(ahead).unwrap_or(read)
    }

    /// Moves the clock forward, for tests of what expires.
    pub fn move_forward(&self, seconds: i64) {
        self.seconds_ahead.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Returns the current time as a function, as the domain takes it.
    pub fn timestamps(&self) -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    /// Returns the seconds since the Unix epoch as a function, as a table takes it.
    pub fn seconds(&self) -> gazette_table::Clock {
        let clock = self.clone();
        Arc::new(move || clock.now().as_second())
    }
}

/// Returns a new UUIDv7.
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
