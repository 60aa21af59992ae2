//! The months with public stories.

use std::collections::BTreeMap;
use std::sync::Arc;

use gazette_table::{Item, Order, Range};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::counts::MonthSummary;
use crate::desk::list_index::ListIndex;
use crate::desk::news_desk::NewsDesk;
use crate::error::DeskError;
use crate::feed::{Feed, FeedPosition};
use crate::label::LabelKind;
use crate::month::Month;
use crate::records;
use crate::slug::Slug;
use crate::story::Teaser;
use crate::story_list::StoryState;

/// Months before those of the index that are looked up at most.
const MAX_OLDER_MONTHS: usize = 1_200;

impl NewsDesk {
    /// Returns the months with public stories, the newest first.
    ///
    /// Costs nothing until the news change, and then one query and a walk through the index of
    /// the process, which its first user builds from all lists. If there are more stories than the
    /// index holds, it costs one query for each older month.
    pub async fn months(&self, caller: &Caller) -> Result<Arc<Vec<MonthSummary>>, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        let newsroom = &self.newsroom;
        let content_version = newsroom.content_version();
        if let Some(months) = newsroom.cache.months() {
            return Ok(months);
        }
        newsroom.update_index().await?;
        let (mut months, is_partial) = newsroom.index.months(newsroom.now(), &self.time_zone, None);
        if is_partial {
            // The oldest month of the index may not be whole.
            if let Some(oldest) = months.last_mut() {
                (oldest.stories, oldest.updated_at) = (None, None);
            }
            for _ in 0..MAX_OLDER_MONTHS {
                let Some(month) = self.month_before(months.last()).await? else { break };
                months.push(MonthSummary { month, stories: None, updated_at: None });
            }
        }
        let months = Arc::new(months);
        newsroom.cache.store_months(content_version, &months);
        Ok(months)
    }

    /// Returns the months with public stories of a label, the newest first. Leaves out those that
    /// are older than the index. Costs nothing until the news change, and then a walk through the
    /// index.
    pub async fn months_of_label(
        &self,
        caller: &Caller,
        kind: LabelKind,
        slug: &Slug,
    ) -> Result<Arc<Vec<MonthSummary>>, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        let newsroom = &self.newsroom;
        let content_version = newsroom.content_version();
        if let Some(months) = newsroom.cache.label_months(kind, slug) {
            return Ok(months);
        }
        newsroom.update_index().await?;
        let label = Some((kind, slug));
        let months = Arc::new(newsroom.index.months(newsroom.now(), &self.time_zone, label).0);
        newsroom.cache.store_label_months(content_version, kind, slug, &months);
        Ok(months)
    }

    async fn month_before(&self, last: Option<&MonthSummary>) -> Result<Option<Month>, DeskError> {
        let before = last.map_or_else(
            || FeedPosition::after_all_until(self.newsroom.now()),
            |last| last.month.begin(&self.time_zone),
        );
        let partition = records::feed_partition(&Feed::All);
        let range = Range { after: None, before: Some(before) };
        let page = self.newsroom.table.query(&partition, &range, Order::Descending, 1).await?;
        let newest: Option<Teaser> = page.items.first().map(Item::parse).transpose()?;
        Ok(newest.map(|story| Month::of(story.published_at, &self.time_zone)))
    }
}

impl ListIndex {
    /// Returns the months with public stories, and `true` if the index leaves out older stories.
    fn months(
        &self,
        now: Timestamp,
        zone: &TimeZone,
        label: Option<(LabelKind, &Slug)>,
    ) -> (Vec<MonthSummary>, bool) {
        let mut months: BTreeMap<Month, (usize, Timestamp)> = BTreeMap::new();
        let is_partial = self.each_story(now, label, |state, published_at, updated_at| {
            if state == StoryState::Published {
                // Readers see no change before the publication.
                let updated_at = updated_at.max(published_at);
                let month = months.entry(Month::of(published_at, zone));
                let (stories, last) = month.or_insert((0, updated_at));
                *stories += 1;
                *last = updated_at.max(*last);
            }
        });
        let newest_first = months.into_iter().rev().map(|(month, (stories, updated_at))| {
            MonthSummary { month, stories: Some(stories), updated_at: Some(updated_at) }
        });
        (newest_first.collect(), is_partial)
    }
}
