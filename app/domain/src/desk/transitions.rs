//! The times at which what readers see changes by itself: a scheduled story is published, a story
//! or a pin ends.

use std::collections::BTreeSet;

use gazette_table::{Key, Write};
use jiff::Timestamp;

use crate::feed::FeedPosition;
use crate::records::ALL_STORIES;
use crate::story_times::{ENDINGS, PINS};

/// The most transitions that are known at a time. Each one makes the next sync read those after it.
const MAX_KNOWN: usize = 64;

/// A change of what readers see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Transition {
    pub(super) at: Timestamp,
    /// Readers stop seeing a story.
    pub(super) removes: bool,
}

/// The next transitions, as far as this process knows.
#[derive(Default)]
pub(super) struct Transitions {
    upcoming: BTreeSet<Transition>,
    /// The content version at which they were read.
    read_at: Option<u64>,
}

impl Transitions {
    /// Checks whether the transitions were read at a content version.
    pub(super) fn are_of(&self, content_version: u64) -> bool {
        self.read_at == Some(content_version)
    }

    /// Replaces the transitions by those that were read.
    pub(super) fn replace(&mut self, content_version: u64, read: Vec<Transition>) {
        *self = Self { upcoming: read.into_iter().collect(), read_at: Some(content_version) };
        self.shorten();
    }

    /// Adds transitions that a change of this process makes.
    pub(super) fn extend(&mut self, new: impl IntoIterator<Item = Transition>) {
        self.upcoming.extend(new);
        self.shorten();
    }

    /// Removes the transitions until `now`. Returns `None` if there are none, else `true` if one of
    /// them removes something.
    pub(super) fn pass(&mut self, now: Timestamp) -> Option<bool> {
        let mut passed = None;
        while let Some(next) = self.upcoming.first().filter(|next| next.at <= now).copied() {
            self.upcoming.remove(&next);
            passed = Some(next.removes || passed == Some(true));
        }
        passed
    }

    fn shorten(&mut self) {
        while self.upcoming.len() > MAX_KNOWN {
            self.upcoming.pop_last();
        }
    }
}

/// Returns the transitions after `now` that a batch makes.
pub(super) fn transitions_of(changes: &[Write], now: Timestamp) -> Vec<Transition> {
    let puts = changes.iter().filter_map(|change| match change {
        Write::Put { item, .. } => transition(&item.key),
        Write::Delete { .. } => None,
    });
    puts.filter(|transition| transition.at > now).collect()
}

/// Returns the transition that an entry stands for.
pub(super) fn transition(key: &Key) -> Option<Transition> {
    let removes = match key.partition.as_str() {
        ENDINGS => true,
        PINS | ALL_STORIES => false,
        _ => return None,
    };
    let at = key.sort.parse::<FeedPosition>().ok()?.time();
    Some(Transition { at, removes })
}
