//! The newsroom's list of stories.

use std::collections::HashMap;

use gazette_table::{Key, MAX_PAGE, Order, Range, TableError};
use jiff::Timestamp;

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::list_index::{Found, Viewpoint};
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::editing::working_copy::EditEntry;
use crate::entries::ListMarks;
use crate::error::DeskError;
use crate::feed::{Feed, FeedPosition};
use crate::records;
use crate::slug::folded;
use crate::story::{StoryId, Teaser};
use crate::story_list::{StoryCounts, StoryList, StoryListQuery, StoryRow, StoryState};

/// Saved changes that the list takes into account; the rest have the headline of the story.
const MAX_EDITS: usize = 5_000;

impl NewsDesk {
    /// Returns a page of the stories that the caller may see. Writers see what is published, and
    /// their own stories.
    ///
    /// Costs three queries and one read of the entries on the page. The first call of a process
    /// reads all lists.
    pub async fn story_list(
        &self,
        caller: &Caller,
        query: &StoryListQuery,
    ) -> Result<StoryList, DeskError> {
        self.policy.authorize(caller, Action::OpenDesk)?;
        let newsroom = &self.newsroom;
        newsroom.update_index().await?;
        let edits = newsroom.edits().await?;
        let folded = edits.iter().map(|(id, edit)| (*id, (edit.at, folded(&edit.headline))));
        let folded = folded.collect();
        let sees_all = self.sees_all(caller);
        let found = newsroom.index.find(query, &self.viewpoint(caller, &folded));
        newsroom.list_of(found, &edits, sees_all).await
    }

    /// Returns the numbers of the stories that the caller may see, by state.
    pub async fn story_counts(&self, caller: &Caller) -> Result<StoryCounts, DeskError> {
        self.policy.authorize(caller, Action::OpenDesk)?;
        self.newsroom.update_index().await?;
        Ok(self.newsroom.index.counts(&self.viewpoint(caller, &HashMap::new())))
    }

    fn sees_all(&self, caller: &Caller) -> bool {
        self.policy.authorize(caller, Action::WriteNews).is_ok()
    }

    fn viewpoint<'a>(
        &self,
        caller: &'a Caller,
        edits: &'a HashMap<StoryId, (Timestamp, String)>,
    ) -> Viewpoint<'a> {
        Viewpoint {
            sub: caller.identity().map_or("", |identity| &identity.claims().sub),
            sees_all: self.sees_all(caller),
            now: self.newsroom.now(),
            edits,
        }
    }
}

impl Newsroom {
    /// Reads what was saved in the editor since the stories were written.
    async fn edits(&self) -> Result<HashMap<StoryId, EditEntry>, TableError> {
        let mut edits = HashMap::new();
        let mut range = Range::all();
        loop {
            let page = self.table.query(records::EDITS, &range, Order::Ascending, MAX_PAGE).await?;
            for item in &page.items {
                let edit: EditEntry = item.parse()?;
                edits.insert(edit.story, edit);
            }
            match page.items.last() {
                Some(last) if page.more && edits.len() < MAX_EDITS => {
                    range.after = Some(last.key.sort.clone());
                }
                _ => return Ok(edits),
            }
        }
    }

    /// Reads the stories of a page.
    async fn list_of(
        &self,
        found: Found,
        edits: &HashMap<StoryId, EditEntry>,
        sees_all: bool,
    ) -> Result<StoryList, DeskError> {
        let keys: Vec<Key> =
            found.rows.iter().map(|row| entry_key(row.state, &row.position)).collect();
        let now = self.now();
        let items = if keys.is_empty() { Vec::new() } else { self.table.get_many(&keys).await? };
        let mut rows = Vec::with_capacity(found.rows.len());
        for (row, item) in found.rows.iter().zip(items) {
            // A story that moved since the index was read is read by its id.
            let read = match item {
                Some(item) => Some((item.parse::<Teaser>()?, item.parse::<ListMarks>()?)),
                None => self.story(row.id).await?.map(|story| {
                    let marks = ListMarks::of(&story);
                    (story.teaser, marks)
                }),
            };
            let Some((mut teaser, marks)) = read else { continue };
            let edit = edits.get(&row.id).filter(|_| sees_all || row.is_own);
            let is_public = matches!(row.state, StoryState::Published | StoryState::Scheduled(_));
            if let Some(edit) = edit.filter(|edit| !edit.headline.trim().is_empty()) {
                teaser.headline.clone_from(&edit.headline);
            }
            let is_open = is_draft(row.state);
            rows.push(StoryRow {
                changed_at: edit.map_or(teaser.updated_at, |edit| edit.at.max(teaser.updated_at)),
                teaser,
                state: row.state,
                unpublish_at: row.unpublish_at,
                has_changes: is_public && edit.is_some(),
                may_edit: sees_all || (row.is_own && is_open),
                is_sent_back: marks.is_sent_back && (sees_all || row.is_own),
                pin_until: marks.pin_until.filter(|end| *end > now),
            });
        }
        let Found { total, page, counts, sections, authors, is_partial, .. } = found;
        Ok(StoryList { rows, total, page, counts, sections, authors, is_partial })
    }
}

/// Checks whether a story is in the list of drafts, where its owner may change it.
fn is_draft(state: StoryState) -> bool {
    matches!(state, StoryState::Draft | StoryState::Withdrawn | StoryState::Review)
}

/// Returns the key of a story's entry in the list of its state.
fn entry_key(state: StoryState, position: &FeedPosition) -> Key {
    match state {
        state if is_draft(state) => Key::new(records::DRAFTS, position.to_string()),
        _ => Key::new(records::feed_partition(&Feed::All), position.to_string()),
    }
}
