//! The counters of the last 60 minutes and of the last 96 quarters of an hour.

use super::ring::{Ring, Slot};
use super::totals::Totals;

const MINUTE: i64 = 60;
const MINUTES: usize = 60;
const QUARTER_HOUR: i64 = 15 * MINUTE;
const QUARTER_HOURS: usize = 96;

/// The last hour and the last day.
#[derive(Debug)]
pub(crate) struct Kept {
    since: i64,
    sampled_at: i64,
    latest: Totals,
    minutes: Ring,
    quarter_hours: Ring,
}

/// Copy of the kept counters.
#[derive(Debug)]
pub(crate) struct Recent {
    /// Time of the first sample, in seconds since the Unix epoch.
    pub(crate) since: i64,
    pub(crate) hour: SlotRange,
    pub(crate) day: SlotRange,
}

/// Slots of equal length, some of which may be missing.
#[derive(Debug)]
pub(crate) struct SlotRange {
    pub(crate) slot_seconds: i64,
    pub(crate) max_slots: usize,
    /// End of the last slot, in seconds since the Unix epoch.
    pub(crate) ends_at: i64,
    /// The oldest first.
    pub(crate) slots: Vec<Slot>,
    /// All of them together.
    pub(crate) sum: Slot,
}

impl Kept {
    /// Begins with the counters of a moment.
    pub(in crate::metrics) fn new(now: i64, totals: Totals) -> Self {
        Self {
            since: now,
            sampled_at: now,
            latest: totals,
            minutes: Ring::new(MINUTE, MINUTES),
            quarter_hours: Ring::new(QUARTER_HOUR, QUARTER_HOURS),
        }
    }

    /// Adds the counts since the last sample to the slots in which that sample was taken.
    pub(in crate::metrics) fn add(&mut self, now: i64, totals: Totals, memory: Option<u64>) {
        let counted = Slot {
            begins_at: self.sampled_at,
            seconds: u64::try_from(now - self.sampled_at).unwrap_or_default(),
            change: totals.since(&self.latest),
            memory,
        };
        self.minutes.add(self.sampled_at, &counted);
        self.quarter_hours.add(self.sampled_at, &counted);
        self.latest = totals;
        self.sampled_at = now;
    }

    /// Returns the last hour and the last day: full minutes, and the quarter that has begun.
    pub(in crate::metrics) fn recent(&self, now: i64) -> Recent {
        let minute = now - now.rem_euclid(MINUTE);
        let quarter = (now + QUARTER_HOUR - 1) - (now + QUARTER_HOUR - 1).rem_euclid(QUARTER_HOUR);
        Recent {
            since: self.since,
            hour: range(&self.minutes, minute),
            day: range(&self.quarter_hours, quarter),
        }
    }
}

fn range(ring: &Ring, ends_at: i64) -> SlotRange {
    let slots = ring.slots(ends_at);
    let mut sum = Slot::default();
    for slot in &slots {
        sum.seconds += slot.seconds;
        sum.change.add(&slot.change);
        sum.memory = slot.memory.or(sum.memory);
    }
    let (slot_seconds, max_slots) = (ring.slot_seconds(), ring.max_slots());
    SlotRange { slot_seconds, max_slots, ends_at, slots, sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day and an hour of samples at the end of each minute, with 10 requests in each.
    #[test]
    fn the_size_is_fixed_and_the_sums_agree() {
        let totals = |requests| Totals { requests, ..Totals::default() };
        let mut kept = Kept::new(30, Totals::default());
        for minute in 1..=25 * 60 {
            kept.add(minute * 60, totals(minute.unsigned_abs() * 10), Some(7));
        }
        let recent = kept.recent(25 * 3_600 + 5);
        assert_eq!(recent.since, 30);
        let SlotRange { slots, sum, ends_at, .. } = recent.hour;
        assert_eq!((slots.len(), sum.change.requests, sum.seconds), (60, 600, 3_600));
        assert_eq!((slots[59].begins_at + 60, ends_at), (25 * 3_600, 25 * 3_600));
        // The quarter that has begun has no sample yet.
        let SlotRange { slots, sum, ends_at, .. } = recent.day;
        assert_eq!((slots.len(), sum.change.requests), (95, 95 * 150));
        assert_eq!((ends_at, sum.memory), (25 * 3_600 + 900, Some(7)));
        let first = kept.minutes.slots(i64::MIN / 2);
        assert_eq!(first.len(), 60);
    }
}
