//! A reader's own list of stories to come back to.

use gazette_table::{Item, Key, Order, Range, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::desk::NewsDesk;
use crate::error::DeskError;
use crate::policy::Action;
use crate::records;
use crate::story::{Story, StoryId, Teaser};

/// The most stories a reading list holds.
const MAX_SAVED: usize = 500;
/// How many stories one call of the table reads.
const READ_AT_ONCE: usize = 100;

/// A story on a reading list.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Saved {
    #[serde(rename = "article")]
    story: StoryId,
    at: Timestamp,
}

impl NewsDesk {
    /// Puts a story that readers see on the caller's own list; again does nothing.
    pub async fn save(&self, caller: &Caller, id: StoryId) -> Result<(), DeskError> {
        let sub = self.reader(caller)?;
        let now = self.now();
        let story = self.stored_story(id).await?.filter(|story| story.is_public(now));
        story.ok_or(DeskError::Missing)?;
        let list = self.saved_by(&sub).await?;
        if list.iter().any(|saved| saved.story == id) {
            return Ok(());
        }
        if list.len() >= MAX_SAVED {
            return Err(DeskError::ListFull);
        }
        let item = Item::new(saved_key(&sub, id), &Saved { story: id, at: now })?;
        Ok(self.ports.table.write(vec![Write::put(item)]).await?)
    }

    /// Takes a story off the caller's own list, if it stands there.
    pub async fn unsave(&self, caller: &Caller, id: StoryId) -> Result<(), DeskError> {
        let sub = self.reader(caller)?;
        Ok(self.ports.table.write(vec![Write::delete(saved_key(&sub, id))]).await?)
    }

    /// Whether a story stands on the caller's own list; never for somebody who cannot have one.
    pub async fn has_saved(&self, caller: &Caller, id: StoryId) -> Result<bool, DeskError> {
        let Ok(sub) = self.reader(caller) else { return Ok(false) };
        Ok(self.ports.table.get(&saved_key(&sub, id)).await?.is_some())
    }

    /// The caller's own list, what was put on it last first; only what readers still see.
    pub async fn saved(&self, caller: &Caller) -> Result<Vec<Teaser>, DeskError> {
        let sub = self.reader(caller)?;
        let mut list = self.saved_by(&sub).await?;
        list.sort_by_key(|saved| std::cmp::Reverse(saved.at));
        let now = self.now();
        let mut teasers = Vec::new();
        for some in list.chunks(READ_AT_ONCE) {
            let keys: Vec<Key> = some.iter().map(|saved| records::story_key(saved.story)).collect();
            for item in self.ports.table.get_many(&keys).await?.into_iter().flatten() {
                let story: Story = item.parse()?;
                teasers.extend(story.is_public(now).then_some(story.teaser));
            }
        }
        Ok(teasers)
    }

    fn reader(&self, caller: &Caller) -> Result<String, DeskError> {
        let actor = self.authorize(caller, Action::SaveNews)?;
        // The operator has no list: there is nobody behind them.
        actor.sub.ok_or(DeskError::Missing)
    }

    async fn saved_by(&self, sub: &str) -> Result<Vec<Saved>, DeskError> {
        let partition = records::saved_partition(sub);
        let table = &self.ports.table;
        let page = table.query(&partition, &Range::all(), Order::Ascending, MAX_SAVED).await?;
        Ok(page.items.iter().map(Item::parse).collect::<Result<_, _>>()?)
    }
}

fn saved_key(sub: &str, id: StoryId) -> Key {
    Key::new(records::saved_partition(sub), id.to_string())
}
