//! Reads for feeds: the list of a label, whole stories, and the time of the last change.

use gazette_table::{Item, Order, Range};
use jiff::Timestamp;

use crate::action::Action;
use crate::audit::{AuditAction, AuditRecord};
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::error::DeskError;
use crate::feed::{Cursor, Feed, Limit, ListQuery, StoryPage};
use crate::label::{Label, LabelKind};
use crate::records;
use crate::slug::Slug;
use crate::story::{Story, StoryId};

/// The result of looking up the stories of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelLookup {
    /// The label, and a page of its stories with at least one.
    Found(Label, StoryPage),
    /// The label was merged into the one with this slug, which has public stories.
    Moved(Slug),
    /// The label has no public story, at least not on this page.
    Missing,
}

/// The records of the last day of the audit log that are searched for one that readers can notice.
const MAX_RECORDS: usize = 20;

impl NewsDesk {
    /// Finds published stories of a label, newest first.
    pub async fn stories_of_label(
        &self,
        caller: &Caller,
        kind: LabelKind,
        slug: &Slug,
        limit: Limit,
        cursor: Option<Cursor>,
    ) -> Result<LabelLookup, DeskError> {
        let newest = |slug: &Slug| ListQuery::newest(Feed::of_label(kind, slug.clone()), limit);
        let mut page = self.list(caller, &ListQuery { cursor, ..newest(slug) }).await?;
        // A page is empty although there are more while many stories have just ended.
        while page.items.is_empty() && page.next.is_some() {
            page = self.list(caller, &ListQuery { cursor: page.next, ..newest(slug) }).await?;
        }
        if let Some(first) = page.items.first() {
            let label = first.labels(kind).iter().find(|label| label.slug == *slug);
            let unnamed = || Label { name: slug.to_string(), slug: slug.clone() };
            return Ok(LabelLookup::Found(label.cloned().unwrap_or_else(unnamed), page));
        }
        let label = self.label(caller, kind, slug).await?;
        let Some(label) = label.filter(|label| label.slug != *slug) else {
            return Ok(LabelLookup::Missing);
        };
        let feed = Feed::of_label(kind, label.slug.clone());
        let newest = self.newsroom.newest_public(feed).await?;
        Ok(newest.map_or(LabelLookup::Missing, |_| LabelLookup::Moved(label.slug)))
    }

    /// Returns the stories among `ids` that readers can see, in the same order. The ids must differ.
    pub async fn public_stories(
        &self,
        caller: &Caller,
        ids: &[StoryId],
    ) -> Result<Vec<Story>, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        let now = self.newsroom.now();
        let mut stories = self.newsroom.stories(ids).await?;
        stories.retain(|story| story.is_public(now));
        Ok(stories)
    }

    /// Returns the time of the last change that readers may have noticed; `None` if the newest
    /// records of the audit log have none. The stories alone do not tell it: one may have been
    /// removed, or published with an earlier date.
    pub async fn last_change(&self, caller: &Caller) -> Result<Option<Timestamp>, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        let (table, all) = (&self.newsroom.table, Range::all());
        let last_ending = self.newsroom.last_ending(self.newsroom.now()).await?;
        let days = table.query(records::AUDIT, &all, Order::Descending, 1).await?;
        let Some(day) = days.items.into_iter().next() else { return Ok(last_ending) };
        let partition = records::audit_partition(&day.key.sort);
        let newest = table.query(&partition, &all, Order::Descending, MAX_RECORDS).await?;
        let records: Vec<AuditRecord> =
            newest.items.iter().map(Item::parse).collect::<Result<_, _>>()?;
        let can_notice = |action| !matches!(action, AuditAction::Created | AuditAction::Erased);
        let record = records.into_iter().find(|record| can_notice(record.event.action));
        Ok(record.map(|record| record.event.at).max(last_ending))
    }
}
