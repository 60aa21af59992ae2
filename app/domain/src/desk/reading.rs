//! Finding and listing news.

use gazette_table::{Item, Order, Range};

use crate::caller::Caller;
use crate::desk::NewsDesk;
use crate::error::DeskError;
use crate::feed::{Cursor, Feed, Limit, ListQuery, Month, Place, StoryPage};
use crate::policy::Action;
use crate::records::{self, Pointer};
use crate::slug::Slug;
use crate::story::{Label, Story, StoryId, Teaser};

/// What is known under a slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The story itself.
    Found(Box<Story>),
    /// The story has moved to this slug.
    Moved(Slug),
    /// There was a story, and it was deleted.
    Gone,
    /// There never was one.
    Missing,
}

/// What the newsroom has in hand that readers do not see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unpublished {
    /// The one dated last first.
    pub drafts: Vec<Teaser>,
    /// The soonest first.
    pub scheduled: Vec<Teaser>,
}

const SECTIONS_SHOWN: usize = 12;

impl NewsDesk {
    /// Lists published news, newest first; one query a page, more only for a second filter.
    pub async fn list(&self, caller: &Caller, query: &ListQuery) -> Result<StoryPage, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        let partition = records::feed_partition(&query.feed);
        let from = query.cursor.as_ref().map(|cursor| cursor.place().to_string());
        // Whoever makes up a cursor that lies ahead gets no more than is news.
        let now = Place::after_all_until(self.now());
        let newest = from.map_or_else(|| now.clone(), |from| from.min(now.clone()));
        let end = query.month.as_ref().map_or_else(|| newest.clone(), Month::end);
        let after = query.month.as_ref().map(|month| month.begin().to_owned());
        let mut before = Some(newest.min(end));
        let mut items = Vec::new();
        // A rare tag in a large section could otherwise be sought through the whole section.
        for _ in 0..10 {
            let range = Range { after: after.clone(), before: before.take() };
            let wanted = query.limit.get() - items.len();
            let page =
                self.ports.table.query(&partition, &range, Order::Descending, wanted).await?;
            let mut last = None;
            for item in &page.items {
                let teaser: Teaser = item.parse()?;
                last = Some(Cursor::after(&teaser));
                items.extend(query.keeps(&teaser).then_some(teaser));
            }
            match last {
                Some(last) if page.more && items.len() < query.limit.get() => {
                    before = Some(last.place().to_string());
                }
                last => return Ok(StoryPage { items, next: last.filter(|_| page.more) }),
            }
        }
        let next = before.and_then(|place| place.parse().ok()).map(Cursor::at);
        Ok(StoryPage { items, next })
    }

    /// Finds the story that is, or was, read under a slug. Who writes news also finds what is not
    /// news yet.
    pub async fn find(&self, caller: &Caller, slug: &Slug) -> Result<Lookup, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        let Some(item) = self.ports.table.get(&records::slug_key(slug)).await? else {
            return Ok(Lookup::Missing);
        };
        let pointer: Pointer = item.parse()?;
        let now = self.now();
        let previews = || self.policy.authorize(caller, Action::WriteNews).is_ok();
        Ok(match self.stored_story(pointer.story).await? {
            None => Lookup::Gone,
            Some(story) if story.trashed.is_some() => Lookup::Gone,
            Some(story) if !story.is_public(now) && !previews() => Lookup::Missing,
            Some(story) if story.teaser.slug != *slug => Lookup::Moved(story.teaser.slug),
            Some(story) => Lookup::Found(Box::new(story)),
        })
    }

    /// The label of a section that ever had a story.
    pub async fn section(&self, slug: &Slug) -> Result<Option<Label>, DeskError> {
        let item = self.ports.table.get(&records::section_key(slug)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    /// The labels of the first sections by slug, as many as a navigation bears.
    pub async fn sections(&self) -> Result<Vec<Label>, DeskError> {
        if let Some(sections) = self.memory.sections() {
            return Ok(sections);
        }
        let content_version = self.memory.content_version();
        let (all, limit) = (Range::all(), SECTIONS_SHOWN);
        let page = self.ports.table.query(records::SECTIONS, &all, Order::Ascending, limit).await?;
        let sections: Vec<Label> = page.items.iter().map(Item::parse).collect::<Result<_, _>>()?;
        self.memory.keep_sections(content_version, sections.clone());
        Ok(sections)
    }

    /// Whether nothing was ever published here.
    pub async fn is_empty(&self) -> Result<bool, DeskError> {
        Ok(self.sections().await?.is_empty())
    }

    /// Drafts, then published stories whose time has not come, the soonest first.
    pub async fn unpublished(
        &self,
        caller: &Caller,
        limit: Limit,
    ) -> Result<Unpublished, DeskError> {
        self.policy.authorize(caller, Action::OpenDesk)?;
        let table = &self.ports.table;
        let limit = limit.get();
        let all = Range::all();
        let drafts = table.query(records::DRAFTS, &all, Order::Descending, limit).await?;
        let ahead = Range { after: Some(Place::after_all_until(self.now())), before: None };
        let feed = records::feed_partition(&Feed::All);
        let scheduled = table.query(&feed, &ahead, Order::Ascending, limit).await?;
        Ok(Unpublished {
            drafts: drafts.items.iter().map(Item::parse).collect::<Result<_, _>>()?,
            scheduled: scheduled.items.iter().map(Item::parse).collect::<Result<_, _>>()?,
        })
    }

    /// Counts the published stories by walking the feed.
    pub async fn count(&self, caller: &Caller) -> Result<usize, DeskError> {
        self.policy.authorize(caller, Action::OpenDesk)?;
        let partition = records::feed_partition(&Feed::All);
        let mut range = Range { after: None, before: Some(Place::after_all_until(self.now())) };
        let mut count = 0;
        loop {
            let page = self.ports.table.query(&partition, &range, Order::Ascending, 1000).await?;
            count += page.items.len();
            match page.items.last() {
                Some(last) if page.more => range.after = Some(last.key.sort.clone()),
                _ => return Ok(count),
            }
        }
    }

    /// The published stories among these, in the same order.
    pub async fn teasers(
        &self,
        caller: &Caller,
        ids: &[StoryId],
    ) -> Result<Vec<Teaser>, DeskError> {
        self.policy.authorize(caller, Action::OpenDesk)?;
        let mut teasers = Vec::new();
        for id in ids {
            let story = self.stored_story(*id).await?.filter(|story| story.trashed.is_none());
            teasers.extend(story.map(|story| story.teaser));
        }
        Ok(teasers)
    }
}

impl ListQuery {
    fn keeps(&self, teaser: &Teaser) -> bool {
        self.also_tagged
            .as_ref()
            .is_none_or(|wanted| teaser.tags.iter().any(|tag| tag.slug == *wanted))
    }
}

impl Default for ListQuery {
    fn default() -> Self {
        Self::newest(Feed::All, Limit::DEFAULT)
    }
}
