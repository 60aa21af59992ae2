//! Opening a story in the editor, and the others who have it open.

use gazette_table::{Item, Order, Range, Write};
use jiff::tz::TimeZone;

use crate::caller::Caller;
use crate::desk::edit_state::{EditState, EditedStory, entries};
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::desk::story_access::Need;
use crate::editing::form_hashes::FormHashes;
use crate::editing::items::{OPENED, base_key, opened_key};
use crate::editing::working_copy::{EditEntry, Opened, Person};
use crate::error::DeskError;
use crate::feed::Limit;
use crate::records;
use crate::story::StoryId;

/// Seconds for which a person counts as having a story open.
const OPEN_SECONDS: i64 = 30 * 60;
/// Seconds for which the fields of a version that someone opened are kept: a week.
const BASE_SECONDS: i64 = 7 * 24 * 60 * 60;
/// Maximum number of people who are named.
const MAX_OTHERS: usize = 20;

impl NewsDesk {
    /// Opens a story in the editor: returns what is typed there, and the others who opened it in
    /// the last half hour.
    ///
    /// # Errors
    /// [`DeskError::Missing`] if it does not exist for the caller, [`DeskError::Gone`] if it is in
    /// the trash.
    pub async fn open_form(
        &self,
        caller: &Caller,
        id: StoryId,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        let (actor, _) = self.authorized_story(caller, id, Need::Draft).await?;
        let person = Person::of(&actor);
        let newsroom = &self.newsroom;
        let state = newsroom.edit_state(id, zone).await?;
        let now = newsroom.now();
        let opened = Opened { by: person.name.clone(), at: now };
        let opened = Item::new(opened_key(id, &person.sub), &opened)?;
        let writes = vec![
            Write::put(opened.expires_at(now.as_second() + OPEN_SECONDS)),
            newsroom.put_base(&state)?,
        ];
        newsroom.table.write(writes).await?;
        let others = newsroom.opened_by_others(id, &person.sub).await?;
        Ok(EditedStory { others, ..state.into_edited(zone) })
    }

    /// Returns the others who opened a story in the last half hour, for someone who has it open.
    ///
    /// # Errors
    /// As [`NewsDesk::open_form`].
    pub async fn others(&self, caller: &Caller, id: StoryId) -> Result<Vec<Opened>, DeskError> {
        let (actor, _) = self.authorized_story(caller, id, Need::Draft).await?;
        self.newsroom.opened_by_others(id, &Person::of(&actor).sub).await
    }

    /// Returns what is typed in the editor, for a change without an editor: others are not told.
    ///
    /// # Errors
    /// As [`NewsDesk::open_form`].
    pub async fn read_form(
        &self,
        caller: &Caller,
        id: StoryId,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        self.authorized_story(caller, id, Need::Draft).await?;
        Ok(self.newsroom.edit_state(id, zone).await?.into_edited(zone))
    }

    /// Lists the stories whose working copies differ from them, in the order of their ids. Some of
    /// them may be in the trash.
    pub async fn edits(
        &self,
        caller: &Caller,
        after: Option<StoryId>,
        limit: Limit,
    ) -> Result<Vec<EditEntry>, DeskError> {
        self.policy.authorize(caller, crate::action::Action::OpenDesk)?;
        let range = Range { after: after.map(|id| id.to_string()), before: None };
        let table = &self.newsroom.table;
        let page = table.query(records::EDITS, &range, Order::Ascending, limit.get()).await?;
        Ok(entries(&page.items)?)
    }
}

impl Newsroom {
    /// Returns the write that remembers the fields of a version that someone starts from.
    pub(super) fn put_base(&self, state: &EditState) -> Result<Write, DeskError> {
        let key = base_key(state.story.teaser.id, state.version);
        let item = Item::new(key, &FormHashes::of(&state.form))?;
        Ok(Write::put(item.expires_at(self.now().as_second() + BASE_SECONDS)))
    }

    async fn opened_by_others(&self, id: StoryId, sub: &str) -> Result<Vec<Opened>, DeskError> {
        let partition = records::story_key(id).partition;
        let own = opened_key(id, sub).sort;
        let range =
            Range { after: Some(OPENED.to_owned()), before: Some(records::after_prefix(OPENED)) };
        let page = self.table.query(&partition, &range, Order::Ascending, MAX_OTHERS + 1).await?;
        let others = page.items.iter().filter(|item| item.key.sort != own);
        let mut others: Vec<Opened> = others.map(Item::parse).collect::<Result<_, _>>()?;
        others.sort_by_key(|opened| std::cmp::Reverse(opened.at));
        Ok(others)
    }
}
