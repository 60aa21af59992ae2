//! Data of the page.

use std::time::Duration;

use jiff::Timestamp;

/// Numbers of the process.
#[derive(Clone, Debug)]
pub struct Status {
    /// Version, commit and target.
    pub build: String,
    /// Engine of the store.
    pub engine: &'static str,
    /// Numbers of the last hour and day; `None` where the process does not keep them.
    pub history: Option<StatusHistory>,
}

/// Numbers of the last hour and day.
#[derive(Clone, Debug)]
pub struct StatusHistory {
    /// Time from which on the process counts.
    pub since: Timestamp,
    /// The last hour, in minutes.
    pub hour: StatusRange,
    /// The last day, in quarters of an hour.
    pub day: StatusRange,
}

/// Slots of equal length, some of which may be missing.
#[derive(Clone, Debug)]
pub struct StatusRange {
    /// Length of a slot.
    pub slot_seconds: i64,
    /// Slots that there can be.
    pub max_slots: usize,
    /// End of the last slot.
    pub ends_at: Timestamp,
    /// The oldest first.
    pub slots: Vec<StatusSlot>,
    /// All of them together.
    pub sum: StatusNumbers,
}

/// Numbers of a slot of time.
#[derive(Clone, Debug)]
pub struct StatusSlot {
    /// Beginning.
    pub begins_at: Timestamp,
    /// Seconds of it in which the process counted.
    pub seconds: u64,
    /// Numbers.
    pub numbers: StatusNumbers,
}

/// Numbers of a part of time.
#[derive(Clone, Debug, Default)]
pub struct StatusNumbers {
    /// Requests that were answered.
    pub requests: u64,
    /// Answers with a status of 500 or above.
    pub errors: u64,
    /// Time until the headers of the answer.
    pub responses: Option<Percentiles>,
    /// Requests that the policy refused.
    pub denied: u64,
    /// Requests above a rate.
    pub limited: u64,
    /// Requests refused while too many ran.
    pub shed: u64,
    /// Refusals by code, also those of tokens.
    pub reasons: Vec<(&'static str, u64)>,
    /// Requests that the page cache answered.
    pub cache_hits: u64,
    /// Requests that it did not.
    pub cache_misses: u64,
    /// Operations of the store.
    pub store: Option<Percentiles>,
    /// Operations of the store that failed.
    pub store_errors: u64,
    /// Requests to the user pool.
    pub pool: Option<Percentiles>,
    /// Requests to the user pool that failed.
    pub pool_errors: u64,
    /// Memory of the process in bytes.
    pub memory: Option<u64>,
}

/// Durations below which a half and 99 of 100 are.
#[derive(Clone, Copy, Debug)]
pub struct Percentiles {
    /// Median.
    pub p50: Duration,
    /// 99th percentile.
    pub p99: Duration,
}
