//! The next version of a story, and its earlier ones.

use gazette_table::{Item, Order, TableError, Write};
use jiff::Timestamp;

use crate::audit::AuditEvent;
use crate::caller::Caller;
use crate::correction;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::desk::story_access::Need;
use crate::error::DeskError;
use crate::feed::Limit;
use crate::records::{self, Pointer};
use crate::slug::Slug;
use crate::story::{Status, Story, StoryId};
use crate::story_input::ValidStory;
use crate::story_patch::StoryPatch;
use crate::story_writes;

/// The highest number that is appended to the new slug of a draft whose headline changed.
const MAX_SLUG_SUFFIX: usize = 10;

impl NewsDesk {
    /// Returns a story for a change.
    ///
    /// # Errors
    /// [`DeskError::Missing`] if it does not exist, [`DeskError::Gone`] if it is in the trash.
    pub async fn story(&self, caller: &Caller, id: StoryId) -> Result<Story, DeskError> {
        Ok(self.authorized_story(caller, id, Need::Draft).await?.1)
    }

    /// Replaces this version of a story. A patch that changes nothing creates no version.
    ///
    /// # Errors
    /// [`DeskError::Stale`] when the story has another version.
    pub async fn revise(
        &self,
        caller: &Caller,
        id: StoryId,
        version: u64,
        patch: StoryPatch,
    ) -> Result<Story, DeskError> {
        let (actor, current) = self.authorized_story(caller, id, need_of(&patch)).await?;
        let newsroom = &self.newsroom;
        if current.version != version {
            return Err(DeskError::Stale);
        }
        let now = newsroom.now();
        let (mut story, mut batch) = newsroom.apply(patch, &current, now).await?;
        if story == current {
            return Ok(story);
        }
        newsroom.advance(&mut story, &current, now).await?;
        batch.extend(story_writes::new_version(Some(&current), &story)?);
        let event = AuditEvent::of_version(now, &actor, Some(&current), &story);
        let event = event.replacing(current.version);
        match newsroom.audit.commit(batch, vec![event]).await {
            Ok(()) => Ok(story),
            Err(TableError::Conflict { key }) if key == records::slug_key(&story.teaser.slug) => {
                Err(DeskError::slug_taken(&story.teaser.slug))
            }
            Err(TableError::Conflict { .. }) => Err(DeskError::Stale),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns earlier versions of a story, latest first.
    pub async fn revisions(
        &self,
        caller: &Caller,
        id: StoryId,
        limit: Limit,
    ) -> Result<Vec<Story>, DeskError> {
        self.authorized_story(caller, id, Need::Draft).await?;
        let partition = records::story_key(id).partition;
        let range = records::revisions_range();
        let table = &self.newsroom.table;
        let page = table.query(&partition, &range, Order::Descending, limit.get()).await?;
        Ok(page.items.iter().map(Item::parse).collect::<Result<_, _>>()?)
    }
}

/// Returns the permission that a patch of a story needs.
fn need_of(patch: &StoryPatch) -> Need {
    if patch.status == Some(Status::Published) { Need::Publish } else { Need::Draft }
}

impl Newsroom {
    /// Returns the patched story, still of the current version, and the writes of new slugs and
    /// labels.
    async fn apply(
        &self,
        patch: StoryPatch,
        current: &Story,
        now: Timestamp,
    ) -> Result<(Story, Vec<Write>), DeskError> {
        patch.check_end(Some(current), now).map_err(DeskError::Unacceptable)?;
        let valid = patch.onto(current, now).check().map_err(DeskError::Unacceptable)?;
        let renames =
            current.status != Status::Published && valid.input.headline != current.teaser.headline;
        self.apply_valid(valid, current, renames, now).await
    }

    /// Like [`Newsroom::apply`], for an input that was checked. `renames` makes a slug from the
    /// headline, unless the input names one.
    pub(super) async fn apply_valid(
        &self,
        valid: ValidStory,
        current: &Story,
        renames: bool,
        now: Timestamp,
    ) -> Result<(Story, Vec<Write>), DeskError> {
        let wanted = valid.input.slug.clone();
        let from_headline = valid.slug.clone().filter(|_| renames);
        let mut story = valid.into_version_of(current);
        correction::check_size(&story, "body").map_err(DeskError::Unacceptable)?;
        let mut writes = self.register_labels(&mut story).await?;
        writes.extend(self.change_slug(&mut story, wanted, from_headline).await?);
        if story.teaser.slug != current.teaser.slug {
            // A slug that readers never saw must not redirect them.
            let hidden = !current.was_public_until(now);
            writes.push(story_writes::put_slug(&current.teaser.slug, story.teaser.id, hidden)?);
        }
        Ok((story, writes))
    }

    /// Gives the story the wanted slug, or the first free one of its headline. Earlier slugs
    /// redirect to it.
    async fn change_slug(
        &self,
        story: &mut Story,
        wanted: Option<Slug>,
        from_headline: Option<Slug>,
    ) -> Result<Option<Write>, DeskError> {
        if let Some(slug) = wanted {
            return match self.slug_owner(&slug).await? {
                Some(owner) if owner != story.teaser.id => Err(DeskError::slug_taken(&slug)),
                owner => set_slug(story, slug, owner),
            };
        }
        let Some(from_headline) = from_headline else { return Ok(None) };
        for number in 1..=MAX_SLUG_SUFFIX {
            let slug = match number {
                1 => from_headline.clone(),
                number => from_headline.numbered(number),
            };
            match self.slug_owner(&slug).await? {
                Some(owner) if owner != story.teaser.id => {}
                owner => return set_slug(story, slug, owner),
            }
        }
        Ok(None)
    }

    pub(super) async fn slug_owner(&self, slug: &Slug) -> Result<Option<StoryId>, DeskError> {
        let item = self.table.get(&records::slug_key(slug)).await?;
        Ok(item.map(|item| item.parse::<Pointer>()).transpose()?.map(|pointer| pointer.story))
    }
}

/// Sets a slug that is free, or that the story has or had.
fn set_slug(
    story: &mut Story,
    slug: Slug,
    owner: Option<StoryId>,
) -> Result<Option<Write>, DeskError> {
    if story.teaser.slug == slug {
        return Ok(None);
    }
    let write = match owner {
        Some(owner) => story_writes::put_slug(&slug, owner, false)?,
        None => story_writes::create_slug(&slug, story.teaser.id)?,
    };
    story.teaser.slug = slug;
    Ok(Some(write))
}
