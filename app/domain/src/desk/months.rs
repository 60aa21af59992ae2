//! The months with public stories.

use std::collections::BTreeMap;

use gazette_table::{Item, Order, Range};
use jiff::Timestamp;

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::list_index::ListIndex;
use crate::desk::news_desk::NewsDesk;
use crate::error::DeskError;
use crate::feed::{Feed, FeedPosition};
use crate::month::Month;
use crate::records;
use crate::story::Teaser;
use crate::story_list::StoryState;

/// Months before those of the index that are looked up at most.
const MAX_OLDER_MONTHS: usize = 1_200;

/// A month with public stories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthSummary {
    /// Month, in UTC.
    pub month: Month,
    /// Number of its public stories. `None` for a month that the index leaves out.
    pub stories: Option<usize>,
    /// Time at which one of its stories was last changed.
    pub updated_at: Option<Timestamp>,
}

impl NewsDesk {
    /// Returns the months with public stories, the newest first.
    ///
    /// Costs no query, but the first call of a process reads all lists. If there are more stories
    /// than the index holds, it costs one query for each older month.
    pub async fn months(&self, caller: &Caller) -> Result<Vec<MonthSummary>, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        let newsroom = &self.newsroom;
        newsroom.update_index().await?;
        let (mut months, is_partial) = newsroom.index.months(newsroom.now());
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
        Ok(months)
    }

    async fn month_before(&self, last: Option<&MonthSummary>) -> Result<Option<Month>, DeskError> {
        let before = last.map_or_else(
            || FeedPosition::after_all_until(self.newsroom.now()),
            |last| last.month.begin().to_owned(),
        );
        let partition = records::feed_partition(&Feed::All);
        let range = Range { after: None, before: Some(before) };
        let page = self.newsroom.table.query(&partition, &range, Order::Descending, 1).await?;
        let newest: Option<Teaser> = page.items.first().map(Item::parse).transpose()?;
        Ok(newest.map(|story| Month::of(story.published_at)))
    }
}

impl ListIndex {
    /// Returns the months with public stories, and `true` if the index leaves out older stories.
    fn months(&self, now: Timestamp) -> (Vec<MonthSummary>, bool) {
        let mut months: BTreeMap<String, (usize, Timestamp)> = BTreeMap::new();
        let is_partial = self.each_story(now, |state, published_at, updated_at| {
            if state == StoryState::Published {
                // Readers see no change before the publication.
                let updated_at = updated_at.max(published_at);
                let month = months.entry(Month::of(published_at).to_string());
                let (stories, last) = month.or_insert((0, updated_at));
                *stories += 1;
                *last = updated_at.max(*last);
            }
        });
        let newest_first = months.into_iter().rev().filter_map(|(month, (stories, updated_at))| {
            let month = month.parse().ok()?;
            Some(MonthSummary { month, stories: Some(stories), updated_at: Some(updated_at) })
        });
        (newest_first.collect(), is_partial)
    }
}
