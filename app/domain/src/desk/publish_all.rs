//! Publication of many new stories.

use std::collections::HashSet;

use futures_util::future::join;
use gazette_table::Write;

use crate::audit::{Actor, AuditEvent};
use crate::desk::group::{Change, Group};
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::slug::Slug;
use crate::story::StoryId;
use crate::story_input::StoryInput;
use crate::story_writes;

/// Stories that are still to be published.
struct Rest<I> {
    inputs: I,
    /// The first story of the next group.
    next: Option<Change<Slug>>,
    /// Slugs of which no number is free. They are not looked up again.
    used_up: HashSet<Slug>,
}

impl Newsroom {
    /// Publishes new stories, many in one batch, in this order.
    pub(super) async fn publish_all(
        &self,
        actor: &Actor,
        inputs: impl IntoIterator<Item = StoryInput>,
    ) -> Result<(), DeskError> {
        let inputs = inputs.into_iter();
        let mut rest = Rest { inputs, next: None, used_up: HashSet::new() };
        let mut group = self.empty_group();
        loop {
            // The table has the slugs of the groups before.
            let planned = group.subjects().cloned().collect();
            // The store writes one group while the next is made. If it fails, labels of the next remain, which later stories use.
            let (written, next) =
                join(self.write_group(group), self.next_group(actor, &mut rest, planned)).await;
            written?;
            group = next?;
            if group.is_empty() {
                return Ok(());
            }
        }
    }

    /// Takes the stories of one batch. `planned` are slugs that are being written.
    async fn next_group(
        &self,
        actor: &Actor,
        rest: &mut Rest<impl Iterator<Item = StoryInput>>,
        mut planned: HashSet<Slug>,
    ) -> Result<Group<Slug>, DeskError> {
        let mut group = self.empty_group();
        loop {
            let change = match rest.next.take() {
                Some(change) => change,
                None => match rest.inputs.next() {
                    Some(input) => {
                        self.publication(actor, input, &planned, &mut rest.used_up).await?
                    }
                    None => return Ok(group),
                },
            };
            planned.insert(change.subject.clone());
            if !group.has_room(&change) {
                rest.next = Some(change);
                return Ok(group);
            }
            group.push(change);
        }
    }

    fn empty_group(&self) -> Group<Slug> {
        Group::with_max_writes(self.table.max_batch())
    }

    async fn publication(
        &self,
        actor: &Actor,
        mut input: StoryInput,
        planned: &HashSet<Slug>,
        used_up: &mut HashSet<Slug>,
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
        let wanted = &story.teaser.slug;
        let slug = if used_up.contains(wanted) {
            None
        } else {
            let free = self.planned_slug(wanted, planned).await?;
            if free.is_none() {
                used_up.insert(wanted.clone());
            }
            free
        };
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
