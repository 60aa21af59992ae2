//! One invocation of the function.

use std::time::Duration;

use bytes::Bytes;

/// Time before the deadline at which a request is given up, so that its client gets an answer.
const RESERVE_MILLISECONDS: i64 = 500;
/// Time that a request has at least.
const MIN_TIME: Duration = Duration::from_millis(100);

/// An event, and what its answer needs.
#[derive(Debug)]
pub(crate) struct Invocation {
    /// Id of the invocation.
    pub(crate) id: String,
    /// Time in milliseconds since the Unix epoch at which Lambda ends the process.
    pub(super) deadline: Option<i64>,
    /// The event as JSON.
    pub(crate) event: Bytes,
}

impl Invocation {
    /// Returns the time that a request has, from `now` in milliseconds since the Unix epoch.
    pub(crate) fn time_left(&self, now: i64) -> Duration {
        let Some(deadline) = self.deadline else { return Duration::from_mins(15) };
        let left = deadline.saturating_sub(now).saturating_sub(RESERVE_MILLISECONDS);
        u64::try_from(left).map_or(MIN_TIME, Duration::from_millis).max(MIN_TIME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_ends_before_its_invocation() {
        let of = |deadline| Invocation { id: String::new(), deadline, event: Bytes::new() };
        assert_eq!(of(Some(30_000)).time_left(1_000), Duration::from_millis(28_500));
        assert_eq!(of(Some(1_000)).time_left(30_000), MIN_TIME);
        assert_eq!(of(None).time_left(30_000), Duration::from_mins(15));
    }
}
