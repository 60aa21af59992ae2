//! Which stories a caller may see and change in the newsroom.

use jiff::Timestamp;

use crate::action::Action;
use crate::audit::Actor;
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::error::DeskError;
use crate::policy::AccessError;
use crate::story::{Status, Story, StoryId};
use crate::story_denial::{StoryDenial, StoryDeniedError};

/// Permission that a caller needs for a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// To see and change it as a draft: its owner has it until the story is published.
    Draft,
    /// To decide what readers see: editors have it.
    Publish,
}

impl NewsDesk {
    /// Decides whether a caller may do something with a story.
    ///
    /// # Errors
    /// [`DeskError::Missing`] if the caller must not know that the story exists,
    /// [`DeskError::Denied`] if the caller lacks the role for every story, else
    /// [`DeskError::StoryDenied`].
    pub(super) fn authorize_story(
        &self,
        caller: &Caller,
        story: &Story,
        need: Need,
    ) -> Result<Actor, DeskError> {
        let denied = match self.authorize(caller, Action::WriteNews) {
            Ok(actor) => return Ok(actor),
            Err(denied) => denied,
        };
        let actor = self.authorize(caller, Action::DraftNews)?;
        let is_own = story.owner.is_some() && story.owner == actor.sub;
        let is_draft = story.status != Status::Published;
        match need {
            Need::Draft if is_own && is_draft => Ok(actor),
            Need::Draft | Need::Publish if is_own || self.is_known(story) => {
                Err(self.denied(story, is_own, denied))
            }
            Need::Draft | Need::Publish => Err(DeskError::Missing),
        }
    }

    /// Reads a story that is not in the trash, for a caller who may do something with it.
    pub(super) async fn authorized_story(
        &self,
        caller: &Caller,
        id: StoryId,
        need: Need,
    ) -> Result<(Actor, Story), DeskError> {
        self.may_draft(caller)?;
        let story = self.newsroom.story(id).await?.ok_or(DeskError::Missing)?;
        let actor = self.authorize_story(caller, &story, need)?;
        if story.trashed.is_some() { Err(DeskError::Gone) } else { Ok((actor, story)) }
    }

    /// Checks whether a caller may see the draft of a story.
    pub(super) fn may_see_draft(&self, caller: &Caller, story: &Story) -> bool {
        self.authorize_story(caller, story, Need::Draft).is_ok()
    }

    /// Checks whether a caller may know that a story exists.
    pub(super) fn may_know(&self, caller: &Caller, story: &Story) -> bool {
        !matches!(self.authorize_story(caller, story, Need::Draft), Err(DeskError::Missing))
    }

    /// Checks, before the table is asked, whether a caller may change any story.
    fn may_draft(&self, caller: &Caller) -> Result<(), AccessError> {
        let outcome = self.policy.authorize(caller, Action::WriteNews);
        outcome.or_else(|_| self.policy.authorize(caller, Action::DraftNews)).map(drop)
    }

    /// Returns the reason for which a writer may not change a story.
    fn denied(&self, story: &Story, is_own: bool, access: AccessError) -> DeskError {
        if !matches!(access, AccessError::RoleMissing(_)) {
            return DeskError::Denied(access);
        }
        if is_own && story.trashed.is_some() {
            return DeskError::Gone;
        }
        let now = self.newsroom.now();
        let denial = match story.status {
            _ if !is_own => StoryDenial::OfAnother,
            Status::Draft | Status::Review => StoryDenial::EditorsDecide,
            Status::Published if story.teaser.published_at > now => StoryDenial::Scheduled,
            Status::Published => StoryDenial::Published,
        };
        let path = story.is_public(now).then(|| story.teaser.path());
        DeskError::StoryDenied(Box::new(StoryDeniedError { denial, path, access }))
    }

    /// Checks whether readers know the story.
    fn is_known(&self, story: &Story) -> bool {
        let now: Timestamp = self.newsroom.now();
        story.is_public(now) || (story.trashed.is_some() && story.was_public_until(now))
    }
}
