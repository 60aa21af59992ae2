//! Publication of many new stories.

use std::collections::HashSet;

use gazette_table::Write;

use crate::audit::{Actor, AuditEvent};
use crate::desk::group::{Change, Group};
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::slug::Slug;
use crate::story::StoryId;
use crate::story_input::StoryInput;
use crate::story_writes;

impl Newsroom {
    /// Publishes new stories, many in one batch, in this order.
    pub(super) async fn publish_all(
        &self,
        actor: &Actor,
        inputs: impl IntoIterator<Item = StoryInput>,
    ) -> Result<(), DeskError> {
        let mut group = Group::with_max_writes(self.table.max_batch());
        // Slugs of the group: the table has those of the groups before.
        let mut planned = HashSet::new();
        for input in inputs {
            let change = self.publication(actor, input, &planned).await?;
            if !group.has_room(&change) {
                self.write_group(group.take()).await?;
                planned.clear();
            }
            planned.insert(change.subject.clone());
            group.push(change);
        }
        self.write_group(group).await
    }

    async fn publication(
        &self,
        actor: &Actor,
        mut input: StoryInput,
        planned: &HashSet<Slug>,
    ) -> Result<Change<Slug>, DeskError> {
        input.source = None;
        let valid = input.check().map_err(DeskError::Unacceptable)?;
        let id = StoryId::new(self.new_id());
        let now = self.now();
        let mut story = valid.into_story(id);
        story.set_created_at(now);
        let labels: Vec<Write> = self.register_labels(&mut story).await?;
        if !labels.is_empty() {
            // At once, since the stories of a group must agree on their spelling.
            self.table.write(labels).await?;
        }
        let slug = self.planned_slug(&story.teaser.slug, planned).await?;
        story.teaser.slug = slug.unwrap_or_else(|| id.slug());
        let mut writes = vec![story_writes::create_slug(&story.teaser.slug, id)?];
        writes.extend(story_writes::new_version(None, &story)?);
        let event = Some(AuditEvent::of_version(now, actor, None, &story));
        let text_bytes = story.body.len();
        Ok(Change { subject: story.teaser.slug, writes, event, text_bytes })
    }

    async fn write_group(&self, group: Group<Slug>) -> Result<(), DeskError> {
        if group.is_empty() {
            return Ok(());
        }
        for (_, outcome) in group.commit(self).await? {
            outcome?;
        }
        Ok(())
    }
}
