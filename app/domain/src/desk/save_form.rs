//! Saving what is typed, and what editors do with it.

use jiff::tz::TimeZone;

use crate::caller::Caller;
use crate::desk::edit_act::Act;
use crate::desk::edit_request::SaveRequest;
use crate::desk::edit_state::{EditedStory, MAX_ATTEMPTS, is_race};
use crate::desk::news_desk::NewsDesk;
use crate::error::DeskError;
use crate::story::StoryId;

impl NewsDesk {
    /// Saves what is typed, as typed. Changes of others to other fields are merged in.
    ///
    /// A draft follows its form, as far as that satisfies the rules of a draft; of a published story
    /// only the working copy changes.
    ///
    /// # Errors
    /// [`DeskError::Conflict`] if others changed the same fields; nothing is saved then.
    /// [`DeskError::Unacceptable`] if the form is too large to be kept.
    pub async fn save_form(
        &self,
        caller: &Caller,
        id: StoryId,
        request: SaveRequest,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        Box::pin(self.edit(caller, id, request, &Act::Save, zone)).await
    }

    /// Saves what is typed, then publishes it. A published story is updated, and keeps its time
    /// unless that was changed.
    ///
    /// # Errors
    /// As [`NewsDesk::save_form`], and [`DeskError::Unacceptable`] if the story breaks a rule: then
    /// the form is saved, under a new version. [`DeskError::Conflict`] also if others changed
    /// something that the caller has not seen and that would be published.
    pub async fn publish_form(
        &self,
        caller: &Caller,
        id: StoryId,
        request: SaveRequest,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        Box::pin(self.edit(caller, id, request, &Act::Publish, zone)).await
    }

    /// Like [`NewsDesk::publish_form`], at a time in the future.
    pub async fn schedule_form(
        &self,
        caller: &Caller,
        id: StoryId,
        request: SaveRequest,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        Box::pin(self.edit(caller, id, request, &Act::Schedule, zone)).await
    }

    /// Saves what is typed, and makes the story a draft again.
    pub async fn unpublish_form(
        &self,
        caller: &Caller,
        id: StoryId,
        request: SaveRequest,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        Box::pin(self.edit(caller, id, request, &Act::Unpublish, zone)).await
    }

    /// Saves what is typed, and hands the draft in for review.
    pub async fn hand_in_form(
        &self,
        caller: &Caller,
        id: StoryId,
        request: SaveRequest,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        Box::pin(self.edit(caller, id, request, &Act::HandIn, zone)).await
    }

    /// Saves what is typed, and makes the story in review a draft again, with a note to its writer.
    pub async fn send_back_form(
        &self,
        caller: &Caller,
        id: StoryId,
        request: SaveRequest,
        note: &str,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        Box::pin(self.edit(caller, id, request, &Act::SendBack(note.to_owned()), zone)).await
    }

    /// Saves a form, and does something with the story, in one batch.
    pub(super) async fn edit(
        &self,
        caller: &Caller,
        id: StoryId,
        mut request: SaveRequest,
        act: &Act,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        act.check().map_err(|error| DeskError::Unacceptable(vec![error]))?;
        request.form = request.form.with_line_feeds();
        request.form.check_size().map_err(|error| DeskError::Unacceptable(vec![error]))?;
        request.is_autosave &= matches!(act, Act::Save);
        self.authorized_story(caller, id, act.need()).await?;
        let newsroom = &self.newsroom;
        for _ in 0..MAX_ATTEMPTS {
            let state = newsroom.edit_state(id, zone).await?;
            let actor = self.authorize_story(caller, &state.story, act.need())?;
            let edit = Box::pin(newsroom.prepared(state, &request, act, &actor, zone)).await?;
            match newsroom.commit_edit(edit.writes, edit.event).await {
                Ok(()) => {
                    return match edit.refused {
                        Some(errors) => Err(DeskError::Unacceptable(errors)),
                        None => Ok(edit.state.into_edited(zone)),
                    };
                }
                Err(error) if is_race(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DeskError::Stale)
    }
}
