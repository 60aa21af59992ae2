//! The one place that reads the time and makes ids.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Tells the time; shared by everything that asks for it.
#[derive(Clone)]
pub struct Clock {
    read: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    seconds_ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::new(Timestamp::now)
    }

    /// A clock for tests.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { read: Arc::new(now), seconds_ahead: Arc::default() }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.seconds_ahead.load(Ordering::Relaxed));
        let read = (self.read)();
        read.checked_add(ahead).unwrap_or(read)
    }

    /// Goes ahead of the clock that is read, for who tries out what happens later.
    pub fn move_forward(&self, seconds: i64) {
        self.seconds_ahead.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The face of it that ports take.
    pub fn timestamps(&self) -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    /// The face of it that the table takes: seconds since the Unix epoch.
    pub fn seconds(&self) -> gazette_table::Clock {
        let clock = self.clone();
        Arc::new(move || clock.now().as_second())
    }
}

/// A fresh UUIDv7.
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
