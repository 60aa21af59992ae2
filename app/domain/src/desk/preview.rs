//! A story as it would be with what is typed.

use jiff::tz::TimeZone;

use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::story::Story;

impl Newsroom {
    /// Returns a story that readers cannot see as its form says, as far as that satisfies the rules
    /// of a draft. Its times, its slug and its version stay.
    pub(super) async fn previewed(&self, story: Story) -> Result<Story, DeskError> {
        let Some(mut copy) = self.working_copy(story.teaser.id).await? else { return Ok(story) };
        if copy.base != story.version {
            copy.rebase(&story, &TimeZone::UTC);
        }
        let Some(form) = copy.form else { return Ok(story) };
        let now = self.now();
        let drafted = self.drafted(&story, &form, story.status, &TimeZone::UTC, now).await;
        let Ok((mut preview, _)) = drafted else { return Ok(story) };
        let teaser = story.teaser;
        preview.teaser.slug = teaser.slug;
        preview.teaser.published_at = teaser.published_at;
        preview.teaser.unpublish_at = teaser.unpublish_at;
        preview.pin_until = story.pin_until;
        Ok(preview)
    }
}
