//! Reads of stories and lists.

use std::collections::HashSet;

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::error::DeskError;
use crate::feed::{ListQuery, StoryPage};
use crate::label::Label;
use crate::records::{self, Pointer};
use crate::removal::{Removal, Removed};
use crate::slug::Slug;
use crate::story::{Story, StoryId, Teaser};

/// The result of looking up a slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The story itself.
    Found(Box<Story>),
    /// The story has this slug now.
    Moved(Slug),
    /// The story was deleted. Readers get this only for a story that was public.
    Gone(Removed),
    /// No story that the caller may know of has the slug.
    Missing,
}

impl NewsDesk {
    /// Lists published stories, newest first.
    ///
    /// Costs one query a page; more only with a second filter, or for stories that have just ended.
    /// A page may then have fewer stories than the limit although there are more.
    pub async fn list(&self, caller: &Caller, query: &ListQuery) -> Result<StoryPage, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        self.newsroom.public_page(query, &self.time_zone).await
    }

    /// Finds the story that has or had a slug. Callers who may change a story find
    /// it before it is published, as its form says.
    pub async fn find(&self, caller: &Caller, slug: &Slug) -> Result<Lookup, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        let Some(item) = self.newsroom.table.get(&records::slug_key(slug)).await? else {
            return Ok(Lookup::Missing);
        };
        let pointer: Pointer = item.parse()?;
        let now = self.newsroom.now();
        let story = self.newsroom.story(pointer.story).await?;
        let may_preview = match &story {
            Some(story) => self.may_see_draft(caller, story),
            None => self.policy.authorize(caller, Action::WriteNews).is_ok(),
        };
        Ok(match story {
            _ if pointer.hidden && !may_preview => Lookup::Missing,
            None => Lookup::Gone(Removed { removal: pointer.removal, restorable: None }),
            // A deleted story that readers never saw is like one that never existed.
            Some(story)
                if story.trashed.is_some() && (may_preview || story.was_public_until(now)) =>
            {
                Lookup::Gone(self.removed(caller, &story))
            }
            Some(story) if !story.is_public(now) && !may_preview => Lookup::Missing,
            Some(story) if story.teaser.slug != *slug => Lookup::Moved(story.teaser.slug),
            Some(story) if story.is_public(now) => Lookup::Found(Box::new(story)),
            Some(story) => Lookup::Found(Box::new(self.newsroom.previewed(story).await?)),
        })
    }

    fn removed(&self, caller: &Caller, story: &Story) -> Removed {
        let may_restore = self.policy.authorize(caller, Action::RestoreNews).is_ok();
        let is_restorable = may_restore && self.newsroom.is_restorable(story);
        Removed {
            removal: story.trashed.as_ref().map(Removal::of),
            restorable: is_restorable.then_some(story.teaser.id),
        }
    }

    /// Returns the labels of the sections with a public story, in the order of their slugs and as
    /// many as fit into the navigation.
    ///
    /// Costs nothing while they are cached; else one query, and one or two for each section.
    pub async fn sections(&self, caller: &Caller) -> Result<Vec<Label>, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        self.newsroom.sections().await
    }

    /// Returns the teasers of the stories among `ids` that exist and are not in the trash, in the
    /// same order and each once.
    pub async fn teasers(
        &self,
        caller: &Caller,
        ids: &[StoryId],
    ) -> Result<Vec<Teaser>, DeskError> {
        self.policy.authorize(caller, Action::OpenDesk)?;
        let mut seen = HashSet::new();
        let ids: Vec<StoryId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
        let stories = self.newsroom.stories(&ids).await?.into_iter();
        Ok(stories.filter(|story| story.trashed.is_none()).map(|story| story.teaser).collect())
    }

    /// Checks whether readers could see any of these stories until now.
    pub async fn any_was_public(
        &self,
        caller: &Caller,
        ids: &[StoryId],
    ) -> Result<bool, DeskError> {
        self.policy.authorize(caller, Action::OpenDesk)?;
        let now = self.newsroom.now();
        let stories = self.newsroom.stories(ids).await?;
        Ok(stories.iter().any(|story| story.was_public_until(now)))
    }

    /// Returns the headlines of the stories among `ids` that exist, also of those in the trash, in
    /// the same order and each once.
    pub async fn headlines(
        &self,
        caller: &Caller,
        ids: &[StoryId],
    ) -> Result<Vec<String>, DeskError> {
        self.policy.authorize(caller, Action::OpenDesk)?;
        let mut seen = HashSet::new();
        let ids: Vec<StoryId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
        let stories = self.newsroom.stories(&ids).await?.into_iter();
        Ok(stories.map(|story| story.teaser.headline).collect())
    }
}
