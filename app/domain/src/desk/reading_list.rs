//! The reading list of a caller.

use gazette_table::{Item, Key, Order, Range, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::policy::AccessError;
use crate::records;
use crate::story::{StoryId, Teaser};

/// The maximum number of stories on a reading list.
const MAX_SAVED: usize = 500;

/// A story on a reading list.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct SavedStory {
    // Stored name of this field.
    #[serde(rename = "article")]
    story: StoryId,
    at: Timestamp,
}

impl NewsDesk {
    /// Adds a public story to the caller's list. Saving it again changes nothing.
    pub async fn save(&self, caller: &Caller, id: StoryId) -> Result<(), DeskError> {
        let sub = self.list_owner(caller)?;
        let newsroom = &self.newsroom;
        let now = newsroom.now();
        let story = newsroom.story(id).await?.filter(|story| story.is_public(now));
        story.ok_or(DeskError::Missing)?;
        let list = newsroom.saved_by(sub).await?;
        if list.iter().any(|saved| saved.story == id) {
            return Ok(());
        }
        if list.len() >= MAX_SAVED {
            return Err(DeskError::ListFull { max: MAX_SAVED });
        }
        let item = Item::new(saved_key(sub, id), &SavedStory { story: id, at: now })?;
        Ok(newsroom.table.write(vec![Write::put(item)]).await?)
    }

    /// Removes a story from the caller's list, if it is on it.
    pub async fn unsave(&self, caller: &Caller, id: StoryId) -> Result<(), DeskError> {
        let sub = self.list_owner(caller)?;
        Ok(self.newsroom.table.write(vec![Write::delete(saved_key(sub, id))]).await?)
    }

    /// Checks whether a story is on the caller's list; `false` for callers who cannot have one.
    pub async fn has_saved(&self, caller: &Caller, id: StoryId) -> Result<bool, DeskError> {
        let Ok(sub) = self.list_owner(caller) else { return Ok(false) };
        Ok(self.newsroom.table.get(&saved_key(sub, id)).await?.is_some())
    }

    /// Returns the public stories of the caller's list, last saved first.
    pub async fn saved(&self, caller: &Caller) -> Result<Vec<Teaser>, DeskError> {
        let sub = self.list_owner(caller)?;
        let newsroom = &self.newsroom;
        let mut list = newsroom.saved_by(sub).await?;
        list.sort_by_key(|saved| std::cmp::Reverse(saved.at));
        let now = newsroom.now();
        let ids: Vec<StoryId> = list.iter().map(|saved| saved.story).collect();
        let stories = newsroom.stories(&ids).await?.into_iter();
        Ok(stories.filter(|story| story.is_public(now)).map(|story| story.teaser).collect())
    }

    /// Checks the permission and returns the subject that the list belongs to.
    fn list_owner<'a>(&self, caller: &'a Caller) -> Result<&'a str, AccessError> {
        self.policy.authorize(caller, Action::SaveNews)?;
        let identity = caller.identity().ok_or(AccessError::NotSignedIn)?;
        Ok(&identity.claims().sub)
    }
}

impl Newsroom {
    async fn saved_by(&self, sub: &str) -> Result<Vec<SavedStory>, DeskError> {
        let partition = records::saved_partition(sub);
        let page = self.table.query(&partition, &Range::all(), Order::Ascending, MAX_SAVED).await?;
        Ok(page.items.iter().map(Item::parse).collect::<Result<_, _>>()?)
    }
}

fn saved_key(sub: &str, id: StoryId) -> Key {
    Key::new(records::saved_partition(sub), id.to_string())
}
