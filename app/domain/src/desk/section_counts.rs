//! The number of published stories of each section.

use std::collections::HashMap;
use std::sync::Arc;

use gazette_table::{MAX_PAGE, Order, Range};
use jiff::Timestamp;
use serde::Deserialize;

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::counts::SectionCount;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::{Feed, FeedPosition};
use crate::label::Label;
use crate::records;
use crate::slug::Slug;

/// The part of a teaser that is counted.
#[derive(Deserialize)]
struct Counted {
    section: Label,
    #[serde(default)]
    unpublish_at: Option<Timestamp>,
}

impl NewsDesk {
    /// Counts the published stories of each section that has any, in the order of their numbers.
    ///
    /// Reads the whole feed when the news have changed.
    pub async fn published_by_section(
        &self,
        caller: &Caller,
    ) -> Result<Arc<Vec<SectionCount>>, DeskError> {
        self.policy.authorize(caller, Action::OpenDesk)?;
        self.newsroom.published_by_section().await
    }
}

impl Newsroom {
    /// Counts exactly the stories that a deletion of all stories moves.
    pub(super) async fn published_by_section(&self) -> Result<Arc<Vec<SectionCount>>, DeskError> {
        let content_version = self.content_version();
        if let Some(counts) = self.cache.section_counts() {
            return Ok(counts);
        }
        let now = self.now();
        let partition = records::feed_partition(&Feed::All);
        let before = Some(FeedPosition::after_all_until(now));
        let mut range = Range { after: None, before };
        let mut counts: HashMap<Slug, SectionCount> = HashMap::new();
        loop {
            let page = self.table.query(&partition, &range, Order::Ascending, MAX_PAGE).await?;
            for item in &page.items {
                let Counted { section, unpublish_at } = item.parse()?;
                if unpublish_at.is_some_and(|end| end <= now) {
                    continue;
                }
                let count = counts
                    .entry(section.slug)
                    .or_insert(SectionCount { section: section.name, stories: 0 });
                count.stories += 1;
            }
            match page.items.last() {
                Some(last) if page.more => range.after = Some(last.key.sort.clone()),
                _ => break,
            }
        }
        let mut counts: Vec<SectionCount> = counts.into_values().collect();
        counts.sort_by(|a, b| b.stories.cmp(&a.stories).then_with(|| a.section.cmp(&b.section)));
        let counts = Arc::new(counts);
        self.cache.store_section_counts(content_version, &counts);
        Ok(counts)
    }
}
