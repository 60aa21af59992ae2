//! The order of the list: sorts as few stories as a page needs.

use std::cmp::Ordering;

use crate::desk::list_index::entry::Entry;
use crate::story_list::STORIES_PER_PAGE;

/// The first stories in the order of the list. Most of the others are dropped by one comparison.
pub(super) struct Best<'a> {
    found: Vec<Candidate<'a>>,
    /// Stories up to the end of the page.
    wanted: usize,
    /// Key of the last wanted story so far, once there are more.
    last: Option<u128>,
    /// Stories that were added.
    pub(super) total: usize,
}

impl<'a> Best<'a> {
    pub(super) fn of(wanted: usize) -> Self {
        Self { found: Vec::new(), wanted, last: None, total: 0 }
    }

    pub(super) fn add(&mut self, candidate: Candidate<'a>) {
        self.total += 1;
        if self.last.is_some_and(|last| candidate.key > last) {
            return;
        }
        self.found.push(candidate);
        if self.found.len() >= self.wanted.saturating_mul(2) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.wanted < self.found.len() {
            self.found.select_nth_unstable_by(self.wanted, Candidate::order);
            self.last = self.found.get(self.wanted).map(|candidate| candidate.key);
            self.found.truncate(self.wanted);
        }
    }

    /// Returns the stories of a page up to the wanted one. Sorts only as far as it needs.
    pub(super) fn page(mut self, page: usize) -> Vec<Candidate<'a>> {
        self.wanted = (page + 1) * STORIES_PER_PAGE;
        self.cut();
        let start = page * STORIES_PER_PAGE;
        if start > 0 && start < self.found.len() {
            self.found.select_nth_unstable_by(start, Candidate::order);
        }
        let mut rows = self.found.split_off(start.min(self.found.len()));
        rows.sort_unstable_by(Candidate::order);
        rows
    }
}

/// A story that was found. It is small, because sorting moves it.
pub(super) struct Candidate<'a> {
    /// The time, or the start of the headline, so that few comparisons need more.
    pub(super) key: u128,
    /// The whole headline, if the list has its order.
    pub(super) headline: Option<&'a str>,
    pub(super) entry: &'a Entry,
}

impl Candidate<'_> {
    fn order(&self, other: &Self) -> Ordering {
        // Ids have the order of their creation.
        let by_id = || other.entry.id.cmp(&self.entry.id);
        let by_headline = || self.headline.cmp(&other.headline);
        self.key.cmp(&other.key).then_with(by_headline).then_with(by_id)
    }
}
