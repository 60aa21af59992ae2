//! Feeds as readers see them. Every list for readers is read here, so that none shows a story
//! before its publication or after its end.

use gazette_table::{Order, Range};
use jiff::tz::TimeZone;

use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::{Cursor, Feed, FeedPosition, Limit, ListQuery, StoryPage};
use crate::records;
use crate::story::Teaser;

/// The number of queries of one list with a second filter; without it, a rare tag in a large
/// section would cost a walk through the whole section.
const MAX_QUERIES: usize = 10;
/// The fewest entries that a further query reads.
const MIN_FURTHER: usize = 20;

impl Newsroom {
    /// Reads the public stories of a feed, newest first.
    ///
    /// Costs one query, and more only with a second filter or for stories that have just ended. A
    /// page may then have fewer stories than the limit although there are more. The month of the
    /// query is one in `zone`.
    pub(super) async fn public_page(
        &self,
        query: &ListQuery,
        zone: &TimeZone,
    ) -> Result<StoryPage, DeskError> {
        let now = self.now();
        let partition = records::feed_partition(&query.feed);
        let from = query.cursor.as_ref().map(|cursor| cursor.position().to_string());
        // A cursor made up by a client must not reveal scheduled stories.
        let newest = FeedPosition::after_all_until(now);
        let newest = from.map_or_else(|| newest.clone(), |from| from.min(newest.clone()));
        let end = query.month.map_or_else(|| newest.clone(), |month| month.end(zone));
        let after = query.month.map(|month| month.begin(zone));
        let mut before = Some(newest.min(end));
        let limit = query.limit.get();
        let mut items: Vec<Teaser> = Vec::new();
        let mut size = limit;
        for _ in 0..MAX_QUERIES {
            let range = Range { after: after.clone(), before: before.take() };
            let page = self.table.query(&partition, &range, Order::Descending, size).await?;
            let (mut last, mut rest) = (None, page.items.iter());
            for item in rest.by_ref() {
                let teaser: Teaser = item.parse()?;
                last = Some(Cursor::after(&teaser));
                items.extend((teaser.is_due(now) && query.matches(&teaser)).then_some(teaser));
                if items.len() == limit {
                    break;
                }
            }
            let more = page.more || rest.next().is_some();
            match last {
                Some(last) if more && items.len() < limit => {
                    before = Some(last.position().to_string());
                    size = (limit - items.len()).max(MIN_FURTHER);
                }
                last => return Ok(StoryPage { items, next: last.filter(|_| more) }),
            }
        }
        let next = before.and_then(|position| position.parse().ok()).map(Cursor::at);
        Ok(StoryPage { items, next })
    }

    /// Reads the newest public story of a feed.
    pub(super) async fn newest_public(&self, feed: Feed) -> Result<Option<Teaser>, DeskError> {
        let mut query = ListQuery::newest(feed, Limit::ONE);
        loop {
            let page = self.public_page(&query, &TimeZone::UTC).await?;
            match (page.items.into_iter().next(), page.next) {
                (Some(newest), _) => return Ok(Some(newest)),
                (None, Some(next)) => query.cursor = Some(next),
                (None, None) => return Ok(None),
            }
        }
    }
}
