//! A fixed number of slots of time.

use std::collections::VecDeque;

use super::totals::Totals;

/// Counts of a slot of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Beginning, in seconds since the Unix epoch.
    pub(crate) begins_at: i64,
    /// Seconds of it in which the process counted.
    pub(crate) seconds: u64,
    /// Change of the counters.
    pub(crate) change: Totals,
    /// Memory of the process in bytes at its end, if the system tells it.
    pub(crate) memory: Option<u64>,
}

/// The latest slots. A new one takes the place of the oldest.
#[derive(Debug)]
pub(super) struct Ring {
    slot_seconds: i64,
    max_slots: usize,
    slots: VecDeque<Slot>,
}

impl Ring {
    pub(super) fn new(slot_seconds: i64, max_slots: usize) -> Self {
        Self { slot_seconds, max_slots, slots: VecDeque::with_capacity(max_slots) }
    }

    /// Adds counts to the slot in which they began.
    pub(super) fn add(&mut self, from: i64, counted: &Slot) {
        let begins_at = from - from.rem_euclid(self.slot_seconds);
        match self.slots.back_mut() {
            // Also if the clock was set back: no slot is there twice.
            Some(last) if begins_at <= last.begins_at => {
                last.seconds += counted.seconds;
                last.change.add(&counted.change);
                last.memory = counted.memory;
            }
            _ => {
                if self.slots.len() == self.max_slots {
                    self.slots.pop_front();
                }
                self.slots.push_back(Slot { begins_at, ..counted.clone() });
            }
        }
    }

    /// Returns the slots that are not older than the ring at a moment, the oldest first.
    pub(super) fn slots(&self, ends_at: i64) -> Vec<Slot> {
        let max_slots = i64::try_from(self.max_slots).unwrap_or(i64::MAX);
        let oldest = ends_at.saturating_sub(self.slot_seconds.saturating_mul(max_slots));
        self.slots.iter().filter(|slot| slot.begins_at >= oldest).cloned().collect()
    }

    pub(super) fn slot_seconds(&self) -> i64 {
        self.slot_seconds
    }

    pub(super) fn max_slots(&self) -> usize {
        self.max_slots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(requests: u64) -> Slot {
        let change = Totals { requests, ..Totals::default() };
        Slot { seconds: 60, change, memory: Some(requests), ..Slot::default() }
    }

    #[test]
    fn the_oldest_slot_makes_room() {
        let mut ring = Ring::new(60, 3);
        for minute in 0..5 {
            ring.add(minute * 60 + 1, &counted(minute.unsigned_abs()));
        }
        let slots = ring.slots(300);
        let begins: Vec<i64> = slots.iter().map(|slot| slot.begins_at).collect();
        assert_eq!(begins, [120, 180, 240]);
        assert_eq!(slots[2].change.requests, 4);
        assert_eq!(ring.slots.capacity(), 3);
        assert_eq!(ring.slots(360).len(), 2, "one is too old by then");
    }

    #[test]
    fn what_belongs_to_one_slot_is_added_up() {
        let mut ring = Ring::new(900, 2);
        for (at, requests) in [(0, 1), (60, 2), (899, 3), (900, 4), (30, 5)] {
            ring.add(at, &counted(requests));
        }
        let slots = ring.slots(1_800);
        let found: Vec<_> =
            slots.iter().map(|slot| (slot.begins_at, slot.seconds, slot.change.requests)).collect();
        assert_eq!(found, [(0, 180, 6), (900, 120, 9)]);
        assert_eq!(slots[1].memory, Some(5));
    }
}
