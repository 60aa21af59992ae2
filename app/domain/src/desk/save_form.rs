//! Saving what is typed, and what editors do with it.

use jiff::tz::TimeZone;

use crate::caller::Caller;
use crate::desk::edit_act::FormAct;
use crate::desk::edit_merge::authors_of_rest;
use crate::desk::edit_request::SaveRequest;
use crate::desk::edit_state::{EditedStory, MAX_ATTEMPTS, is_race};
use crate::desk::news_desk::NewsDesk;
use crate::error::DeskError;
use crate::story::StoryId;

impl NewsDesk {
    /// Saves what is typed, as typed, and does something with the story, in one batch. Changes of
    /// others to other fields are merged in.
    ///
    /// A draft follows its form, as far as that satisfies the rules of a draft; of a published story
    /// only the working copy changes, unless it is published: then it is updated, and keeps its time
    /// unless that was changed.
    ///
    /// # Errors
    /// [`DeskError::Conflict`] if others changed the same fields, or something that the caller has
    /// not seen and that would be published; nothing is saved then. [`DeskError::Unacceptable`] if
    /// the form is too large to be kept, and if a story to be published breaks a rule: then the form
    /// is saved, under a new version.
    pub async fn save_form(
        &self,
        caller: &Caller,
        id: StoryId,
        request: SaveRequest,
        act: &FormAct,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        // The future is large, and callers await it in larger ones.
        Box::pin(self.edit(caller, id, request, act, zone)).await
    }

    async fn edit(
        &self,
        caller: &Caller,
        id: StoryId,
        mut request: SaveRequest,
        act: &FormAct,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        act.check().map_err(|error| DeskError::Unacceptable(vec![error]))?;
        request.form = request.form.with_line_feeds();
        request.form.check_size().map_err(|error| DeskError::Unacceptable(vec![error]))?;
        request.is_autosave &= matches!(act, FormAct::Save);
        self.authorized_story(caller, id, act.need()).await?;
        let newsroom = &self.newsroom;
        for _ in 0..MAX_ATTEMPTS {
            let state = newsroom.edit_state(id, zone).await?;
            let actor = self.authorize_story(caller, &state.story, act.need())?;
            let edit = Box::pin(newsroom.prepared(state, &request, act, &actor, zone)).await?;
            match newsroom.commit_edit(edit.writes, edit.event).await {
                Ok(()) => {
                    if let Some(errors) = edit.refused {
                        return Err(DeskError::Unacceptable(errors));
                    }
                    let merged_by = authors_of_rest(&edit.state, &request.form);
                    return Ok(EditedStory { merged_by, ..edit.state.into_edited(zone) });
                }
                Err(error) if is_race(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DeskError::Stale)
    }
}
