//! The sections of the navigation: those with a story that readers can see now.

use gazette_table::{Item, Order, Range};
use jiff::Timestamp;

use crate::desk::cache::CachedSections;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::{Feed, FeedPosition};
use crate::label::Label;
use crate::records;
use crate::story::Teaser;

/// The number of sections that fit into the navigation.
const MAX_SECTIONS: usize = 12;
/// The number of stored labels that are checked for public stories: a newsroom has few sections,
/// and each misspelt one stays stored.
const MAX_STORED_SECTIONS: usize = 100;

/// The state of a section at some time.
enum SectionState {
    /// Its newest public story has this label, at least until this time.
    Public(Label, Timestamp),
    /// Its first story becomes public at this time.
    Scheduled(Timestamp),
    /// It has no stories.
    Empty,
}

impl Newsroom {
    /// Returns the labels of the sections with a public story.
    pub(super) async fn sections(&self) -> Result<Vec<Label>, DeskError> {
        let now = self.now();
        if let Some(labels) = self.cache.sections(now) {
            return Ok(labels);
        }
        let content_version = self.cache.content_version();
        let (all, limit) = (Range::all(), MAX_STORED_SECTIONS);
        let page = self.table.query(records::SECTIONS, &all, Order::Ascending, limit).await?;
        let mut sections = CachedSections { labels: Vec::new(), valid_until: Timestamp::MAX };
        for item in &page.items {
            let stored: Label = item.parse()?;
            if stored.slug.as_str() != item.key.sort {
                // Merged into another section.
                continue;
            }
            match self.section_state(&stored, now).await? {
                SectionState::Public(label, until) => {
                    sections.labels.push(label);
                    sections.valid_until = sections.valid_until.min(until);
                }
                SectionState::Scheduled(time) => {
                    sections.valid_until = sections.valid_until.min(time);
                }
                SectionState::Empty => {}
            }
            if sections.labels.len() == MAX_SECTIONS {
                break;
            }
        }
        let labels = sections.labels.clone();
        self.cache.store_sections(content_version, sections);
        Ok(labels)
    }

    async fn section_state(
        &self,
        stored: &Label,
        now: Timestamp,
    ) -> Result<SectionState, DeskError> {
        let feed = Feed::Section(stored.slug.clone());
        if let Some(newest) = self.newest_public(feed.clone()).await? {
            let until = newest.unpublish_at.unwrap_or(Timestamp::MAX);
            return Ok(SectionState::Public(newest.section, until));
        }
        let feed = records::feed_partition(&feed);
        let scheduled = Range { after: Some(FeedPosition::after_all_until(now)), before: None };
        let page = self.table.query(&feed, &scheduled, Order::Ascending, 1).await?;
        let first = page.items.first().map(Item::parse::<Teaser>).transpose()?;
        Ok(first.map_or(SectionState::Empty, |teaser| SectionState::Scheduled(teaser.published_at)))
    }
}
