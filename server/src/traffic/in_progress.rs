//! Requests in progress, counted by class.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::config::TrafficClass;

/// Number of requests in progress of each class. A flood of one class leaves the others alone.
pub(crate) struct InProgress {
    max: usize,
    counts: [AtomicUsize; 4],
}

/// Place of a request in progress, free again when it is dropped.
pub(crate) struct Place<'p>(&'p AtomicUsize);

impl InProgress {
    pub(crate) fn new(max: usize) -> Self {
        Self { max, counts: Default::default() }
    }

    /// Takes a place; `None` if all are taken.
    pub(crate) fn enter(&self, class: TrafficClass) -> Option<Place<'_>> {
        let count = self.counts.get(class as usize)?;
        let place = Place(count);
        // The place is dropped again if it is one too many.
        (count.fetch_add(1, Ordering::Relaxed) < self.max).then_some(place)
    }

    /// Returns the number of requests of a class.
    pub(crate) fn count(&self, class: TrafficClass) -> usize {
        self.counts.get(class as usize).map_or(0, |count| count.load(Ordering::Relaxed))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_its_own_places() {
        let progress = InProgress::new(2);
        let first = progress.enter(TrafficClass::Read);
        let second = progress.enter(TrafficClass::Read);
        assert!(first.is_some() && second.is_some());
        assert!(progress.enter(TrafficClass::Read).is_none());
        assert!(progress.enter(TrafficClass::Write).is_some());
        drop(first);
        assert_eq!(progress.count(TrafficClass::Read), 1);
        assert!(progress.enter(TrafficClass::Read).is_some());
    }
}
