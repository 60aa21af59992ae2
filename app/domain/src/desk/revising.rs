//! A story's next version, and its earlier ones.

use gazette_table::{Item, Order, Range, TableError, Write};

use crate::audit::{AuditAction, AuditEvent};
use crate::caller::Caller;
use crate::desk::NewsDesk;
use crate::desk::publishing::{publish_writes, story_of, whole_seconds};
use crate::error::DeskError;
use crate::feed::Limit;
use crate::policy::Action;
use crate::records::{self, Pointer};
use crate::slug::Slug;
use crate::story::{Status, Story, StoryId};
use crate::story_input::FieldError;
use crate::story_patch::StoryPatch;

/// How many numbers are tried for the address of a input that got another headline.
const NAMESAKES: usize = 10;

impl NewsDesk {
    /// A story by its id, whether readers see it or not; `None` when there is none or it was
    /// deleted.
    pub async fn story(&self, caller: &Caller, id: StoryId) -> Result<Option<Story>, DeskError> {
        self.policy.authorize(caller, Action::WriteNews)?;
        Ok(self.stored_story(id).await?.filter(|story| story.trashed.is_none()))
    }

    /// Replaces this version of a story by the next one; an patch that changes nothing makes none.
    ///
    /// # Errors
    /// [`DeskError::Stale`] when the story is of another version.
    pub async fn revise(
        &self,
        caller: &Caller,
        id: StoryId,
        version: u64,
        patch: StoryPatch,
    ) -> Result<Story, DeskError> {
        let actor = self.authorize(caller, Action::WriteNews)?;
        let current = self.stored_story(id).await?.ok_or(DeskError::Missing)?;
        if current.trashed.is_some() {
            return Err(DeskError::Gone);
        }
        if current.version != version {
            return Err(DeskError::Stale);
        }
        let now = self.now();
        let input = patch.onto(&current, now).check().map_err(DeskError::Unacceptable)?;
        let wished = input.input.slug.clone();
        let mut story = story_of(input, id);
        let made_of_headline =
            std::mem::replace(&mut story.teaser.slug, current.teaser.slug.clone());
        story.teaser.updated_at = current.teaser.updated_at;
        story.version = current.version;
        let mut batch = Vec::new();
        batch.extend(self.move_to(&mut story, &current, wished, &made_of_headline).await?);
        if story == current {
            return Ok(story);
        }
        // A story is not "updated" before it is news.
        story.teaser.updated_at = whole_seconds(now).max(story.teaser.published_at);
        story.version += 1;
        batch.extend(publish_writes(&story, Some(&current))?);
        let action = AuditAction::of_writing(Some(current.status), story.status);
        let event = AuditEvent::of(now, &actor, action, &story);
        match self.log.commit(batch, vec![event]).await {
            Ok(()) => Ok(story),
            Err(TableError::Conflict { key }) if key == records::slug_key(&story.teaser.slug) => {
                Err(taken(&story.teaser.slug))
            }
            Err(TableError::Conflict { .. }) => Err(DeskError::Stale),
            Err(error) => Err(error.into()),
        }
    }

    /// Earlier versions of a story, the latest first.
    pub async fn revisions(
        &self,
        caller: &Caller,
        id: StoryId,
        limit: Limit,
    ) -> Result<Vec<Story>, DeskError> {
        self.policy.authorize(caller, Action::WriteNews)?;
        let partition = records::story_key(id).partition;
        let range = Range { after: Some(records::REVISION.to_owned()), before: None };
        let table = &self.ports.table;
        let page = table.query(&partition, &range, Order::Descending, limit.get()).await?;
        Ok(page.items.iter().map(Item::parse).collect::<Result<_, _>>()?)
    }

    /// Moves the story to another address, if it is to have one. Earlier ones lead there.
    async fn move_to(
        &self,
        story: &mut Story,
        current: &Story,
        wished: Option<Slug>,
        made_of_headline: &Slug,
    ) -> Result<Option<Write>, DeskError> {
        if let Some(slug) = wished {
            return match self.owner(&slug).await? {
                Some(owner) if owner != story.teaser.id => Err(taken(&slug)),
                owner => point(story, slug, owner),
            };
        }
        let renamed = story.teaser.headline != current.teaser.headline;
        if !(renamed && current.status == Status::Draft) {
            return Ok(None);
        }
        for number in 1..=NAMESAKES {
            let slug = match number {
                1 => made_of_headline.clone(),
                number => made_of_headline.numbered(number),
            };
            match self.owner(&slug).await? {
                Some(owner) if owner != story.teaser.id => {}
                owner => return point(story, slug, owner),
            }
        }
        Ok(None)
    }

    async fn owner(&self, slug: &Slug) -> Result<Option<StoryId>, DeskError> {
        let item = self.ports.table.get(&records::slug_key(slug)).await?;
        Ok(item.map(|item| item.parse::<Pointer>()).transpose()?.map(|pointer| pointer.story))
    }
}

/// Gives the story its address, which it may have had before.
fn point(
    story: &mut Story,
    slug: Slug,
    owner: Option<StoryId>,
) -> Result<Option<Write>, DeskError> {
    story.teaser.slug = slug;
    match owner {
        Some(_) => Ok(None),
        None => Ok(Some(records::create_slug(&story.teaser.slug, story.teaser.id)?)),
    }
}

fn taken(slug: &Slug) -> DeskError {
    let message = format!("{slug} is the address of another story");
    DeskError::Unacceptable(vec![FieldError { field: "slug", message }])
}
