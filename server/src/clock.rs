//! The one place that reads the time and makes ids.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

/// Tells the time; shared by everything that asks for it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Arc::new(Timestamp::now))
    }

    /// A clock for tests.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }

    /// The face of it that ports take.
    pub fn timestamps(&self) -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
        Arc::clone(&self.0)
    }

    /// The face of it that the table takes: seconds since the Unix epoch.
    pub fn seconds(&self) -> gazette_table::Clock {
        let now = Arc::clone(&self.0);
        Arc::new(move || now().as_second())
    }
}

/// A fresh UUIDv7.
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
