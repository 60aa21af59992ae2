//! Searching the index: what a viewer sees, in their order, and the numbers of the filters.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::desk::list_index::entry::{Entry, Place, headline_key};
use crate::desk::list_index::labels::{LabelNumber, Labels, OwnerNumber};
use crate::desk::list_index::order::{Best, Candidate};
use crate::desk::list_index::{ListIndex, Stories};
use crate::feed::FeedPosition;
use crate::label::{Label, LabelKind};
use crate::slug::folded;
use crate::story::{StoryId, TRASH_SECONDS};
use crate::story_list::{
    STORIES_PER_PAGE, StoryCounts, StoryFilter, StoryListQuery, StorySort, StoryState,
};

/// Words of a search that count.
const MAX_WORDS: usize = 8;
/// Sections and authors that the filters offer at most.
const MAX_LABELS: usize = 300;

/// Viewer of the list, and the time.
pub(in crate::desk) struct Viewpoint<'a> {
    /// Subject of the viewer.
    pub(in crate::desk) sub: &'a str,
    /// The viewer sees the unpublished stories of others.
    pub(in crate::desk) sees_all: bool,
    pub(in crate::desk) now: Timestamp,
    /// Saves since the stories were written: time and folded headline.
    pub(in crate::desk) edits: &'a HashMap<StoryId, (Timestamp, String)>,
}

/// A page of the index.
#[derive(Default)]
pub(in crate::desk) struct Found {
    pub(in crate::desk) rows: Vec<FoundRow>,
    pub(in crate::desk) total: usize,
    pub(in crate::desk) page: usize,
    pub(in crate::desk) counts: StoryCounts,
    pub(in crate::desk) sections: Vec<Label>,
    pub(in crate::desk) authors: Vec<Label>,
    pub(in crate::desk) is_partial: bool,
}

/// A story of the page.
pub(in crate::desk) struct FoundRow {
    pub(in crate::desk) id: StoryId,
    /// Position in its list.
    pub(in crate::desk) position: FeedPosition,
    pub(in crate::desk) state: StoryState,
    pub(in crate::desk) unpublish_at: Option<Timestamp>,
    pub(in crate::desk) is_own: bool,
}

impl ListIndex {
    /// Returns a page of the list; an empty one while there is no index.
    pub(in crate::desk) fn find(&self, query: &StoryListQuery, from: &Viewpoint<'_>) -> Found {
        self.read().current.as_ref().map(|stories| stories.find(query, from)).unwrap_or_default()
    }

    /// Returns the numbers of the filters.
    pub(in crate::desk) fn counts(&self, from: &Viewpoint<'_>) -> StoryCounts {
        let mut counts = StoryCounts::default();
        if let Some(stories) = self.read().current.as_ref() {
            stories.each_seen(from, &mut counts, |_| {});
        }
        counts
    }
}

/// A story that the viewer sees.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) entry: &'a Entry,
    state: StoryState,
    is_own: bool,
    edit: Option<&'a (Timestamp, String)>,
}

impl Stories {
    /// Counts the stories that the viewer sees, and calls `visit` with each.
    fn each_seen<'a>(
        &'a self,
        from: &Viewpoint<'a>,
        counts: &mut StoryCounts,
        mut visit: impl FnMut(Seen<'a>),
    ) {
        let own = self.names.find_owner(from.sub);
        for entry in &self.entries {
            if let Place::Trash(at) = entry.place {
                counts.trash += usize::from(is_kept(at, from.now));
                continue;
            }
            let Some(state) = entry.state(from.now) else { continue };
            let is_own = is_owner(entry.owner, own);
            if !(from.sees_all || is_own || state == StoryState::Published) {
                continue;
            }
            count(counts, state, is_own);
            // What is typed into the stories of others is not for writers.
            let shows_edit = (from.sees_all || is_own) && !from.edits.is_empty();
            let edit = if shows_edit { from.edits.get(&entry.id) } else { None };
            visit(Seen { entry, state, is_own, edit });
        }
    }

    fn find(&self, query: &StoryListQuery, from: &Viewpoint<'_>) -> Found {
        let mut counts = StoryCounts::default();
        let mut uses = vec![0_u32; self.names.len()];
        let search = Search::of(query, &self.names);
        let mut best = Best::of((query.page + 1).saturating_mul(STORIES_PER_PAGE));
        self.each_seen(from, &mut counts, |seen| {
            for number in seen.entry.section().iter().chain(seen.entry.authors()) {
                if let Some(uses) = uses.get_mut(*number as usize) {
                    *uses += 1;
                }
            }
            if search.as_ref().is_some_and(|search| search.matches(&seen)) {
                best.add(seen.candidate(query.sort));
            }
        });
        let total = best.total;
        let last_page = total.saturating_sub(1) / STORIES_PER_PAGE;
        let page = query.page.min(last_page);
        let rows = best.page(page);
        Found {
            rows: rows.iter().filter_map(|found| self.row(found.entry, from)).collect(),
            total,
            page,
            counts,
            sections: self.names.most_used(LabelKind::Section, &uses, MAX_LABELS),
            authors: self.names.most_used(LabelKind::Author, &uses, MAX_LABELS),
            is_partial: self.is_partial,
        }
    }

    fn row(&self, entry: &Entry, from: &Viewpoint<'_>) -> Option<FoundRow> {
        Some(FoundRow {
            id: entry.id,
            position: entry.position(),
            state: entry.state(from.now)?,
            unpublish_at: entry.unpublish_at,
            is_own: is_owner(entry.owner, self.names.find_owner(from.sub)),
        })
    }
}

/// Checks whether a story that was deleted at this time can still be restored.
fn is_kept(deleted_at: Timestamp, now: Timestamp) -> bool {
    deleted_at.as_second() + TRASH_SECONDS > now.as_second()
}

fn is_owner(owner: OwnerNumber, viewer: Option<OwnerNumber>) -> bool {
    owner != 0 && Some(owner) == viewer
}

fn count(counts: &mut StoryCounts, state: StoryState, is_own: bool) {
    counts.all += 1;
    counts.mine += usize::from(is_own);
    let of_state = match state {
        StoryState::Published => &mut counts.published,
        StoryState::Scheduled(_) => &mut counts.scheduled,
        StoryState::Review => &mut counts.review,
        StoryState::Draft | StoryState::Withdrawn | StoryState::Ended(_) => &mut counts.draft,
    };
    *of_state += 1;
}

impl<'a> Seen<'a> {
    fn candidate(&self, sort: StorySort) -> Candidate<'a> {
        let entry = self.entry;
        let published_at = entry.published_at.as_millisecond();
        let latest_first = |time: i64| u128::from(time.abs_diff(i64::MAX));
        let typed = self.typed_headline().filter(|_| sort == StorySort::Headline);
        let key = match sort {
            StorySort::Updated => latest_first(self.changed_at().as_millisecond()),
            StorySort::Newest => latest_first(published_at),
            StorySort::Oldest => u128::from(published_at.abs_diff(i64::MIN)),
            StorySort::Headline => typed.map_or(entry.headline_key, headline_key),
        };
        let headline = (sort == StorySort::Headline).then(|| typed.unwrap_or(&entry.headline));
        Candidate { key, headline, entry }
    }

    fn changed_at(&self) -> Timestamp {
        let updated_at = self.entry.updated_at;
        self.edit.map_or(updated_at, |(at, _)| updated_at.max(*at))
    }

    fn headline(&self) -> &'a str {
        self.typed_headline().unwrap_or(&self.entry.headline)
    }

    fn typed_headline(&self) -> Option<&'a str> {
        let typed = self.edit.map(|(_, headline)| headline.as_str());
        typed.filter(|headline| !headline.is_empty())
    }
}

/// A query, with numbers instead of names.
struct Search {
    filter: StoryFilter,
    section: Option<LabelNumber>,
    author: Option<LabelNumber>,
    words: Vec<Word>,
}

struct Word {
    text: String,
    /// For each label whether its name contains the word.
    labels: Vec<bool>,
}

impl Search {
    /// Returns `None` if no story has the section or the author.
    fn of(query: &StoryListQuery, names: &Labels) -> Option<Self> {
        let number = |kind, slug: Option<&_>| match slug {
            Some(slug) => names.find(kind, slug).map(Some),
            None => Some(None),
        };
        let text = folded(&query.text);
        let words = text.split('-').filter(|word| !word.is_empty()).take(MAX_WORDS);
        Some(Self {
            filter: query.filter,
            section: number(LabelKind::Section, query.section.as_ref())?,
            author: number(LabelKind::Author, query.author.as_ref())?,
            words: words
                .map(|word| Word { text: word.to_owned(), labels: names.containing(word) })
                .collect(),
        })
    }

    fn matches(&self, seen: &Seen<'_>) -> bool {
        let entry = seen.entry;
        let is_in_state = match self.filter {
            StoryFilter::All => true,
            StoryFilter::Published => seen.state == StoryState::Published,
            StoryFilter::Scheduled => matches!(seen.state, StoryState::Scheduled(_)),
            StoryFilter::Review => seen.state == StoryState::Review,
            StoryFilter::Draft => {
                matches!(
                    seen.state,
                    StoryState::Draft | StoryState::Withdrawn | StoryState::Ended(_)
                )
            }
            StoryFilter::Mine => seen.is_own,
        };
        is_in_state
            && self.section.is_none_or(|section| entry.section() == Some(section))
            && self.author.is_none_or(|author| entry.authors().contains(&author))
            && self.words.iter().all(|word| word.is_in(seen))
    }
}

impl Word {
    fn is_in(&self, seen: &Seen<'_>) -> bool {
        let is_named = |number: &LabelNumber| self.labels.get(*number as usize) == Some(&true);
        seen.headline().contains(&self.text) || seen.entry.labels.iter().any(is_named)
    }
}
