//! The order of found stories: how well they match, and how new they are.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

/// A story of today counts this much more than a very old one.
const NEWS_BONUS: f32 = 0.25;
/// Age in days at which half of the bonus is left.
const HALF_AGE_DAYS: f32 = 180.0;
const DAY_SECONDS: f32 = 86_400.0;

/// Collects the best stories that readers can see, and counts all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranked {
    /// The time at which readers must see them, in seconds.
    pub(super) now: i64,
    /// Stories that were published before are left out.
    pub(super) from: i64,
    /// Stories that were published from then on are left out.
    pub(super) until: i64,
    /// The number of best ones.
    pub(super) limit: usize,
}

/// The best stories, best first.
#[derive(Debug, Default)]
pub(super) struct Best {
    pub(super) total: usize,
    pub(super) stories: Vec<DocAddress>,
}

/// Collector of a part of the index.
pub(super) struct OfSegment {
    rules: Ranked,
    segment: SegmentOrdinal,
    published_at: Column<i64>,
    ends_at: Column<i64>,
    total: usize,
    best: BinaryHeap<Entry>,
}

/// A story, smaller in order if it is better: the heap gives the worst away.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    score: f32,
    published_at: i64,
    address: DocAddress,
}

impl Collector for Ranked {
    type Child = OfSegment;
    type Fruit = Best;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<OfSegment> {
        let columns = reader.fast_fields();
        Ok(OfSegment {
            rules: *self,
            segment,
            published_at: columns.i64("published_at")?,
            ends_at: columns.i64("ends_at")?,
            total: 0,
            best: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, parts: Vec<(usize, Vec<Entry>)>) -> tantivy::Result<Best> {
        let total = parts.iter().map(|(total, _)| total).sum();
        let mut entries: Vec<Entry> = parts.into_iter().flat_map(|(_, entries)| entries).collect();
        entries.sort_unstable();
        let stories = entries.into_iter().take(self.limit).map(|entry| entry.address).collect();
        Ok(Best { total, stories })
    }
}

impl SegmentCollector for OfSegment {
    type Fruit = (usize, Vec<Entry>);

    fn collect(&mut self, story: DocId, score: Score) {
        let rules = &self.rules;
        let published_at = self.published_at.first(story).unwrap_or(i64::MAX);
        let is_wanted = (rules.from..rules.until).contains(&published_at);
        if !is_wanted || published_at > rules.now {
            return;
        }
        if self.ends_at.first(story).is_some_and(|end| end <= rules.now) {
            return;
        }
        self.total += 1;
        let score = score * newness(rules.now - published_at);
        let address = DocAddress::new(self.segment, story);
        let entry = Entry { score, published_at, address };
        if self.best.len() < rules.limit {
            self.best.push(entry);
        } else if let Some(mut worst) = self.best.peek_mut()
            && entry < *worst
        {
            *worst = entry;
        }
    }

    fn harvest(self) -> (usize, Vec<Entry>) {
        (self.total, self.best.into_vec())
    }
}

/// Returns the factor of a story's age.
#[expect(clippy::cast_precision_loss, reason = "seconds of an age matter little")]
fn newness(age_seconds: i64) -> f32 {
    let days = age_seconds.max(0) as f32 / DAY_SECONDS;
    1.0 + NEWS_BONUS * HALF_AGE_DAYS / (HALF_AGE_DAYS + days)
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .score
            .total_cmp(&self.score)
            .then_with(|| other.published_at.cmp(&self.published_at))
            .then_with(|| self.address.cmp(&other.address))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_count_more_but_do_not_decide() {
        let day = 86_400;
        assert!(newness(0) > newness(30 * day) && newness(30 * day) > newness(3_650 * day));
        assert!((1.0..=1.0 + NEWS_BONUS).contains(&newness(-5)));
        assert!(newness(0) / newness(i64::MAX) <= 1.0 + NEWS_BONUS);
    }
}
