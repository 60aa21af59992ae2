//! Renaming and merging of labels.

use gazette_table::{Order, Range, TableError, Write};

use crate::action::Action;
use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::caller::Caller;
use crate::desk::cache::NewsChange;
use crate::desk::labels::{labels_of, put_label};
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::{Feed, Limit};
use crate::field_errors::FieldErrors;
use crate::label::{Label, LabelKind};
use crate::records;
use crate::slug::Slug;
use crate::story::{StoryId, Teaser};
use crate::story_input::max_label_length;
use crate::story_writes;

/// Tries to change a story while others change it, too.
const MAX_ATTEMPTS: usize = 10;
/// Stories that one query reads.
const STORIES_PER_QUERY: usize = 100;

/// A renamed label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenamedLabel {
    /// The label that the stories have now.
    pub label: Label,
    /// Number of stories that were changed.
    pub stories: usize,
}

/// Page of registered labels, in the order of their slugs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelPage {
    /// At most as many labels as the limit.
    pub labels: Vec<Label>,
    /// Slug after which the next page begins; `None` on the last page.
    pub next: Option<Slug>,
}

impl NewsDesk {
    /// Returns the label of a slug: another one after a merge. It says nothing about
    /// stories, so callers must not be told of a label without public ones.
    pub async fn label(
        &self,
        caller: &Caller,
        kind: LabelKind,
        slug: &Slug,
    ) -> Result<Option<Label>, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        self.newsroom.registered_label(kind, slug).await
    }

    /// Lists the labels of a kind, without those that were merged into others.
    pub async fn labels(
        &self,
        caller: &Caller,
        kind: LabelKind,
        after: Option<&Slug>,
        limit: Limit,
    ) -> Result<LabelPage, DeskError> {
        self.policy.authorize(caller, Action::ManageLabels)?;
        let range = Range { after: after.map(|slug| slug.as_str().to_owned()), before: None };
        let partition = records::labels_partition(kind);
        let table = &self.newsroom.table;
        let page = table.query(partition, &range, Order::Ascending, limit.get()).await?;
        let last = page.items.last().filter(|_| page.more);
        let next = last.and_then(|item| item.key.sort.parse().ok());
        let mut labels = Vec::new();
        for item in &page.items {
            let label: Label = item.parse()?;
            labels.extend((label.slug.as_str() == item.key.sort).then_some(label));
        }
        Ok(LabelPage { labels, next })
    }

    /// Gives a label another name in all stories. If another label has that name, the two are
    /// merged. The old address leads to the new one.
    ///
    /// A call that was interrupted is completed by the same call.
    ///
    /// # Errors
    /// [`DeskError::Missing`] if no story ever had the label, [`DeskError::Unacceptable`] if the
    /// name breaks a rule.
    pub async fn rename_label(
        &self,
        caller: &Caller,
        kind: LabelKind,
        slug: &Slug,
        name: &str,
    ) -> Result<RenamedLabel, DeskError> {
        let actor = self.authorize(caller, Action::ManageLabels)?;
        let mut errors = FieldErrors::default();
        let label = errors.label("name", &mut name.to_owned(), max_label_length(kind));
        let label = label.filter(|_| errors.errors.is_empty());
        let label = label.ok_or(DeskError::Unacceptable(errors.errors))?;
        self.newsroom.rename_label(&actor, kind, slug, label).await
    }
}

impl Newsroom {
    async fn rename_label(
        &self,
        actor: &Actor,
        kind: LabelKind,
        slug: &Slug,
        wanted: Label,
    ) -> Result<RenamedLabel, DeskError> {
        let key = records::label_key(kind, slug);
        let is_known =
            self.table.get(&key).await?.is_some() || self.has_stories(kind, slug).await?;
        if !is_known {
            return Err(DeskError::Missing);
        }
        let label = match self.registered_label(kind, &wanted.slug).await? {
            // The name of another label: a merge, which keeps that label's spelling.
            Some(other) if other.slug != *slug => other,
            _ => wanted,
        };
        let mut writes = vec![put_label(kind, &label.slug, &label)?];
        if label.slug != *slug {
            writes.push(put_label(kind, slug, &label)?);
        }
        self.table.write(writes).await?;
        self.cache.record(NewsChange { may_remove: false, may_change_sections: true });
        let feed = records::feed_partition(&Feed::of_label(kind, slug.clone()));
        let mut stories = self.change_label(actor, kind, slug, &feed).await?;
        stories += self.change_label(actor, kind, slug, records::DRAFTS).await?;
        Ok(RenamedLabel { label, stories })
    }

    async fn has_stories(&self, kind: LabelKind, slug: &Slug) -> Result<bool, DeskError> {
        let feed = records::feed_partition(&Feed::of_label(kind, slug.clone()));
        Ok(!self.table.query(&feed, &Range::all(), Order::Ascending, 1).await?.items.is_empty())
    }

    /// Gives the stories of a list that have the label its registered name.
    async fn change_label(
        &self,
        actor: &Actor,
        kind: LabelKind,
        slug: &Slug,
        partition: &str,
    ) -> Result<usize, DeskError> {
        let (mut count, mut after) = (0, None);
        loop {
            let range = Range { after, before: None };
            let page =
                self.table.query(partition, &range, Order::Ascending, STORIES_PER_QUERY).await?;
            for entry in &page.items {
                let teaser: Teaser = entry.parse()?;
                let has_label = |(k, label): &(LabelKind, Label)| *k == kind && label.slug == *slug;
                if labels_of(&teaser).iter().any(has_label) {
                    count += usize::from(self.relabel_story(actor, teaser.id).await?);
                }
            }
            match page.items.last() {
                Some(last) if page.more => after = Some(last.key.sort.clone()),
                _ => return Ok(count),
            }
        }
    }

    async fn relabel_story(&self, actor: &Actor, id: StoryId) -> Result<bool, DeskError> {
        for _ in 0..MAX_ATTEMPTS {
            let Some(current) = self.story(id).await?.filter(|story| story.trashed.is_none())
            else {
                return Ok(false);
            };
            let mut story = current.clone();
            let mut batch: Vec<Write> = self.register_labels(&mut story).await?;
            if story == current {
                return Ok(false);
            }
            let now = self.now();
            self.advance(&mut story, &current, now).await?;
            // Not an update for readers: what the story says stays.
            story.teaser.updated_at = current.teaser.updated_at;
            batch.extend(story_writes::new_version(Some(&current), &story)?);
            let event =
                AuditEvent::of(now, actor, AuditAction::Updated, &story).replacing(current.version);
            match self.audit.commit(batch, vec![event]).await {
                Ok(()) => return Ok(true),
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DeskError::Stale)
    }
}
