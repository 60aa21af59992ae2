//! The history of what was typed: which snapshots exist, and which are kept.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::editing::story_form::StoryForm;
use crate::editing::working_copy::Person;

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;
/// Age from which one snapshot an hour is kept, in seconds.
const HOURLY_AFTER: i64 = 7 * DAY;
/// Age from which one snapshot a day is kept, in seconds.
const DAILY_AFTER: i64 = 30 * DAY;
/// Number of the latest snapshots of the last week that are all kept.
const MAX_LATEST: usize = 200;
/// Maximum number of snapshots of a story, so that their list fits into one item. Far more than the
/// rules above keep in the lifetime of a story.
const MAX_SNAPSHOTS: usize = 2_000;

/// The reason that a version is in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryKind {
    /// Saved by itself while its author typed.
    Autosaved,
    /// Saved by its author.
    Saved,
    /// Published.
    Published,
    /// Set to be published later.
    Scheduled,
    /// A draft again.
    Unpublished,
    /// Handed in for review.
    HandedIn,
    /// Sent back to its writer.
    SentBack,
    /// An earlier version, restored.
    Restored,
    /// Changed elsewhere: by a request to the API or an import.
    Changed,
}

impl HistoryKind {
    /// Returns the stable name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Autosaved => "autosaved",
            Self::Saved => "saved",
            Self::Published => "published",
            Self::Scheduled => "scheduled",
            Self::Unpublished => "unpublished",
            Self::HandedIn => "handed_in",
            Self::SentBack => "sent_back",
            Self::Restored => "restored",
            Self::Changed => "changed",
        }
    }
}

/// A version in the history of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The version.
    pub version: u64,
    /// The time at which it was saved.
    pub at: Timestamp,
    /// Display name of its author; `None` if it is not known.
    pub by: Option<String>,
    /// The reason that it is in the history.
    pub kind: HistoryKind,
}

/// A form that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    pub(crate) form: StoryForm,
    pub(crate) at: Timestamp,
    pub(crate) by: Person,
    pub(crate) kind: HistoryKind,
}

/// The list of the snapshots of a story, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SnapshotList {
    pub(crate) entries: Vec<HistoryEntry>,
}

impl SnapshotList {
    /// Adds a snapshot. Returns `false` if there is one of the same version.
    pub(crate) fn push(&mut self, entry: HistoryEntry) -> bool {
        if self.entries.iter().any(|other| other.version == entry.version) {
            return false;
        }
        self.entries.push(entry);
        self.entries.sort_by_key(|entry| entry.version);
        true
    }

    /// Removes snapshots that need not be kept, at most `max` of them, and returns their versions.
    pub(crate) fn prune(&mut self, now: Timestamp, max: usize) -> Vec<u64> {
        let mut versions = superfluous(&self.entries, now);
        versions.truncate(max);
        let removed: HashSet<u64> = versions.iter().copied().collect();
        self.entries.retain(|entry| !removed.contains(&entry.version));
        versions
    }
}

/// Returns the versions that need not be kept, oldest first: of those older than a week all but the
/// last one of each hour, of those older than a month all but the last one of each day. Published
/// versions are kept.
pub(crate) fn superfluous(entries: &[HistoryEntry], now: Timestamp) -> Vec<u64> {
    let mut slots = HashSet::new();
    let mut latest = 0;
    let mut kept = 0;
    let mut versions = Vec::new();
    // Latest first, so that each slot keeps its last version.
    for entry in entries.iter().rev() {
        let is_public = matches!(entry.kind, HistoryKind::Published | HistoryKind::Scheduled);
        let at = entry.at.as_second();
        let age = now.as_second().saturating_sub(at);
        let is_kept = if age < HOURLY_AFTER && latest < MAX_LATEST {
            latest += 1;
            true
        } else {
            let length = if age < DAILY_AFTER { HOUR } else { DAY };
            slots.insert((length, at.div_euclid(length))) && kept < MAX_SNAPSHOTS
        };
        if is_kept || is_public {
            kept += 1;
        } else {
            versions.push(entry.version);
        }
    }
    versions.reverse();
    versions
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 1_790_000_000;

    fn entries(ages: &[(i64, bool)]) -> Vec<HistoryEntry> {
        let mut ages = ages.to_vec();
        ages.sort_by_key(|(age, _)| std::cmp::Reverse(*age));
        let entry = |(version, (age, is_public)): (u64, (i64, bool))| HistoryEntry {
            version,
            at: Timestamp::from_second(NOW - age).expect("in range"),
            by: None,
            kind: if is_public { HistoryKind::Published } else { HistoryKind::Saved },
        };
        (1..).zip(ages).map(entry).collect()
    }

    fn now() -> Timestamp {
        Timestamp::from_second(NOW).expect("in range")
    }

    #[test]
    fn one_version_an_hour_after_a_week_and_one_a_day_after_a_month() {
        let hour = entries(&[(8 * DAY, false), (8 * DAY + 1, false), (8 * DAY + HOUR, false)]);
        assert_eq!(superfluous(&hour, now()).len(), 1);
        let day = entries(&[(40 * DAY, false), (40 * DAY + 2 * HOUR, false), (42 * DAY, false)]);
        assert_eq!(superfluous(&day, now()).len(), 1);
        let young = entries(&[(1, false), (2, false), (3, false)]);
        assert!(superfluous(&young, now()).is_empty());
    }

    #[test]
    fn a_restless_week_keeps_its_latest_versions() {
        let many: Vec<(i64, bool)> = (0..1_000).map(|age| (age, false)).collect();
        let entries = entries(&many);
        let gone = superfluous(&entries, now());
        assert!(gone.len() >= 1_000 - MAX_LATEST - 2, "{}", gone.len());
        assert!(gone.iter().all(|version| *version <= 1_000 - MAX_LATEST as u64));
    }

    proptest! {
        #[test]
        fn history_is_bounded_and_keeps_what_was_published(
            ages in proptest::collection::vec((0..400 * DAY, any::<bool>()), 0..400)
        ) {
            let entries = entries(&ages);
            let gone: HashSet<u64> = superfluous(&entries, now()).into_iter().collect();
            let kept: Vec<&HistoryEntry> =
                entries.iter().filter(|entry| !gone.contains(&entry.version)).collect();
            let is_lost = |entry: &&HistoryEntry| {
                entry.kind == HistoryKind::Published && gone.contains(&entry.version)
            };
            prop_assert_eq!(entries.iter().find(is_lost), None);
            // Every version that went has a later one in its hour or day that stays.
            for entry in entries.iter().filter(|entry| gone.contains(&entry.version)) {
                let age = NOW - entry.at.as_second();
                let length = if age < DAILY_AFTER { HOUR } else { DAY };
                let slot = |entry: &HistoryEntry| entry.at.as_second().div_euclid(length);
                prop_assert!(age >= HOURLY_AFTER || entries.len() > MAX_LATEST);
                let is_later = |other: &&HistoryEntry| {
                    other.version > entry.version && slot(other) == slot(entry)
                };
                prop_assert!(kept.iter().copied().any(|other| is_later(&other)));
            }
            // What is kept stays kept when nothing changes.
            let kept: Vec<HistoryEntry> = kept.into_iter().cloned().collect();
            let again = superfluous(&kept, now());
            prop_assert!(again.is_empty(), "{again:?}");
        }
    }
}
