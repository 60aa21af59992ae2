//! The stories of the front page.

use std::cmp::Reverse;

use gazette_table::{Item, Order, Range};
use jiff::Timestamp;

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::{Feed, FeedPosition, Limit, ListQuery};
use crate::story::Teaser;
use crate::story_times::{PINS, PinEntry};

/// Stories that the front page shows before the newest ones.
const MAX_PINNED: usize = 3;
/// Pinned stories that are read; more are not expected.
const MAX_READ: usize = 100;

/// The stories of the front page, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontStories {
    /// Pinned stories, last pinned first.
    pub pinned: Vec<Teaser>,
    /// Newest stories without the pinned ones.
    pub newest: Vec<Teaser>,
}

impl NewsDesk {
    /// Returns the stories of the front page. `limit` is the maximum number of the newest ones.
    pub async fn front(&self, caller: &Caller, limit: Limit) -> Result<FrontStories, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        let newsroom = &self.newsroom;
        let pinned = newsroom.pinned(newsroom.now()).await?;
        let newest = ListQuery::newest(Feed::All, limit);
        let mut newest = newsroom.public_page(&newest, &self.time_zone).await?.items;
        newest.retain(|story| pinned.iter().all(|pinned| pinned.id != story.id));
        Ok(FrontStories { pinned, newest })
    }
}

impl Newsroom {
    async fn pinned(&self, now: Timestamp) -> Result<Vec<Teaser>, DeskError> {
        let not_ended = Range { after: Some(FeedPosition::after_all_until(now)), before: None };
        let page = self.table.query(PINS, &not_ended, Order::Ascending, MAX_READ).await?;
        let mut pins: Vec<PinEntry> =
            page.items.iter().map(Item::parse).collect::<Result<_, _>>()?;
        pins.retain(|pin| pin.teaser.is_due(now));
        pins.sort_by_key(|pin| Reverse((pin.pinned_at, pin.teaser.published_at, pin.teaser.id)));
        Ok(pins.into_iter().take(MAX_PINNED).map(|pin| pin.teaser).collect())
    }
}
