//! Stories whose time has ended become drafts, so that feeds do not fill up with what readers no
//! longer see.

use gazette_table::{Item, Order, Range, TableError, Write};

use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::FeedPosition;
use crate::story::{Status, Story};
use crate::story_times::{ENDINGS, StoryEntry};
use crate::story_writes;

/// Stories that are read at a time.
const STORIES_PER_QUERY: usize = 20;

impl Newsroom {
    /// Turns the stories whose time has ended into drafts and returns their number.
    pub(super) async fn unpublish_ended(&self, actor: &Actor) -> Result<usize, DeskError> {
        let before = Some(FeedPosition::after_all_until(self.now()));
        let mut range = Range { after: None, before };
        let mut count = 0;
        loop {
            let page =
                self.table.query(ENDINGS, &range, Order::Ascending, STORIES_PER_QUERY).await?;
            for item in &page.items {
                count += usize::from(self.unpublish_story(actor, item).await?);
            }
            match page.items.last() {
                Some(last) if page.more => range.after = Some(last.key.sort.clone()),
                _ => return Ok(count),
            }
        }
    }

    /// Returns `false` if the story has no such end any more.
    async fn unpublish_story(&self, actor: &Actor, entry: &Item) -> Result<bool, DeskError> {
        let now = self.now();
        let story = self.story(entry.parse::<StoryEntry>()?.story).await?;
        let Some(current) = story.filter(|story| story.has_ended(now)) else {
            // Left by an earlier release or an import.
            self.table.write(vec![Write::delete(entry.key.clone())]).await?;
            return Ok(false);
        };
        let mut story =
            Story { status: Status::Draft, pin_until: None, pinned_at: None, ..current.clone() };
        story.teaser.unpublish_at = None;
        story.advance(&current, now);
        story.version = self.next_version(&current).await?;
        let event = AuditEvent::of(now, actor, AuditAction::Withdrawn, &story);
        let event = event.replacing(current.version);
        let batch = story_writes::new_version(Some(&current), &story)?;
        match self.audit.commit(batch, vec![event]).await {
            Ok(()) => Ok(true),
            // Somebody changed it, or another process was faster.
            Err(TableError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
