//! The newsroom's one door: everything done to news is asked for here, and
//! the policy is asked before the table.

use std::sync::Arc;

use gazette_table::{MAX_BATCH, Order, Range, Table, TableError, Write};
use jiff::Timestamp;
use uuid::Uuid;

use crate::article::{Article, ArticleId, Card, Label, TrashEntry, Trashed};
use crate::audit::{self, Deed};
use crate::caller::Caller;
use crate::draft::{CheckedDraft, Draft};
use crate::error::DeskError;
use crate::feed::{Cursor, Feed, Limit, ListQuery, NewsPage, Place};
use crate::policy::{Action, Policy};
use crate::records::{self, Pointer};
use crate::slug::Slug;

/// What the desk needs of the world.
#[derive(Clone)]
pub struct Ports {
    /// Where everything is kept.
    pub table: Arc<dyn Table>,
    /// Tells the time.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Gives a fresh UUIDv7.
    pub new_id: Arc<dyn Fn() -> Uuid + Send + Sync>,
}

/// Reads and changes the news on behalf of a caller.
#[derive(Clone)]
pub struct NewsDesk {
    ports: Ports,
    policy: Policy,
}

/// What is known under a slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The story itself.
    Found(Box<Article>),
    /// The story has moved to this slug.
    Moved(Slug),
    /// There was a story, and it was deleted.
    Gone,
    /// There never was one.
    Missing,
}

/// What publishing a draft came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// A new story.
    Created(Card),
    /// A new version of the story that came from the same source.
    Updated(Card),
    /// The story from the same source says this already.
    Unchanged(Card),
    /// The story from the same source lies in the trash and stays there.
    InTrash(Card),
}

impl Published {
    /// The card of the story, whatever came of it.
    pub fn card(&self) -> &Card {
        match self {
            Self::Created(card)
            | Self::Updated(card)
            | Self::Unchanged(card)
            | Self::InTrash(card) => card,
        }
    }
}

/// Which stories to delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Every published story.
    All,
    /// These.
    Ids(Vec<ArticleId>),
    /// This one, if it is still of this version.
    Version(ArticleId, u64),
}

/// How often a change is tried again when somebody else changed the same story meanwhile.
const ATTEMPTS: usize = 5;
/// How many namesakes a slug is numbered for before the story's id is used instead.
const NAMESAKES: usize = 50;
const WORDS_A_MINUTE: usize = 230;
const SECTIONS_SHOWN: usize = 12;

impl NewsDesk {
    /// Opens the desk over a table, with the rules that govern it.
    pub fn new(ports: Ports, policy: Policy) -> Self {
        Self { ports, policy }
    }

    /// The rules.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Lists published news, newest first; one query a page, more only for a second filter.
    pub async fn list(&self, caller: &Caller, query: &ListQuery) -> Result<NewsPage, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        let partition = records::feed_partition(&query.feed);
        let from = query.cursor.as_ref().map(|cursor| cursor.place().to_string());
        // What is dated ahead is not news yet.
        let mut before = Some(from.unwrap_or_else(|| Place::after_all_until((self.ports.clock)())));
        let mut items = Vec::new();
        // A rare tag in a large section could otherwise be sought through the whole section.
        for _ in 0..10 {
            let range = Range { after: None, before: before.take() };
            let wanted = query.limit.get() - items.len();
            let page =
                self.ports.table.query(&partition, &range, Order::Descending, wanted).await?;
            let mut last = None;
            for item in &page.items {
                let card: Card = item.parse()?;
                last = Some(Cursor::after(&card));
                items.extend(query.keeps(&card).then_some(card));
            }
            match last {
                Some(last) if page.more && items.len() < query.limit.get() => {
                    before = Some(last.place().to_string());
                }
                last => return Ok(NewsPage { items, next: last.filter(|_| page.more) }),
            }
        }
        let next = before.and_then(|place| place.parse().ok()).map(Cursor::at);
        Ok(NewsPage { items, next })
    }

    /// Finds the story that is, or was, read under a slug.
    pub async fn find(&self, caller: &Caller, slug: &Slug) -> Result<Lookup, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        let Some(item) = self.ports.table.get(&records::slug_key(slug)).await? else {
            return Ok(Lookup::Missing);
        };
        let pointer: Pointer = item.parse()?;
        Ok(match self.article(pointer.article).await? {
            None => Lookup::Gone,
            Some(article) if article.trashed.is_some() => Lookup::Gone,
            Some(article) if article.card.published_at > (self.ports.clock)() => Lookup::Missing,
            Some(article) if article.card.slug != *slug => Lookup::Moved(article.card.slug),
            Some(article) => Lookup::Found(Box::new(article)),
        })
    }

    /// The label of a section that ever had a story.
    pub async fn section(&self, slug: &Slug) -> Result<Option<Label>, DeskError> {
        let item = self.ports.table.get(&records::section_key(slug)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    /// The labels of the first sections by slug, as many as a navigation bears.
    pub async fn sections(&self) -> Result<Vec<Label>, DeskError> {
        let all = Range::all();
        let limit = SECTIONS_SHOWN;
        let page = self.ports.table.query(records::SECTIONS, &all, Order::Ascending, limit).await?;
        Ok(page.items.iter().map(gazette_table::Item::parse).collect::<Result<_, _>>()?)
    }

    /// Whether nothing was ever published here.
    pub async fn is_empty(&self) -> Result<bool, DeskError> {
        Ok(self.sections().await?.is_empty())
    }

    /// Counts the published stories by walking the feed.
    pub async fn count(&self, caller: &Caller) -> Result<usize, DeskError> {
        self.policy.authorize(caller, Action::OpenDesk)?;
        let partition = records::feed_partition(&Feed::All);
        let mut range = Range::all();
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
    pub async fn cards(&self, caller: &Caller, ids: &[ArticleId]) -> Result<Vec<Card>, DeskError> {
        self.policy.authorize(caller, Action::OpenDesk)?;
        let mut cards = Vec::new();
        for id in ids {
            let article = self.article(*id).await?.filter(|article| article.trashed.is_none());
            cards.extend(article.map(|article| article.card));
        }
        Ok(cards)
    }

    /// The slug of the story that was imported from a file.
    pub async fn slug_of_source(&self, source: &str) -> Result<Option<Slug>, DeskError> {
        Ok(self.article_of_source(source).await?.map(|article| article.card.slug))
    }

    /// Publishes a draft; one with a `source` updates the story of the same source.
    pub async fn publish(&self, caller: &Caller, draft: Draft) -> Result<Published, DeskError> {
        self.policy.authorize(caller, Action::WriteNews)?;
        let draft = draft.check().map_err(DeskError::Unacceptable)?;
        let known = match &draft.draft.source {
            Some(source) => self.article_of_source(source).await?,
            None => None,
        };
        match known {
            Some(article) => self.update(caller, article, draft).await,
            None => self.create(caller, draft).await,
        }
    }

    /// Moves published stories to the trash and says how many; the rest are not counted.
    ///
    /// Each story moves whole or not at all. A failure in between leaves the
    /// stories before it in the trash: the same call goes on with the others.
    pub async fn delete(&self, caller: &Caller, selection: &Selection) -> Result<usize, DeskError> {
        self.policy.authorize(caller, Action::DeleteNews)?;
        match selection {
            Selection::Ids(ids) => self.delete_each(caller, ids).await,
            Selection::Version(id, version) => self.delete_version(caller, *id, *version).await,
            Selection::All => self.delete_all(caller).await,
        }
    }

    /// Lists what lies in the trash, the latest deletion first, at most `limit` of it.
    pub async fn trash(&self, caller: &Caller, limit: Limit) -> Result<Vec<TrashEntry>, DeskError> {
        self.policy.authorize(caller, Action::RestoreNews)?;
        let all = Range::all();
        let page =
            self.ports.table.query(records::TRASH, &all, Order::Descending, limit.get()).await?;
        Ok(page.items.iter().map(gazette_table::Item::parse).collect::<Result<_, _>>()?)
    }

    /// Brings stories back from the trash, as they were, and says how many; the rest are not
    /// counted. Each comes back whole or not at all.
    pub async fn restore(&self, caller: &Caller, ids: &[ArticleId]) -> Result<usize, DeskError> {
        self.policy.authorize(caller, Action::RestoreNews)?;
        let mut restored = 0;
        for id in ids {
            restored += usize::from(self.restore_one(caller, *id).await?);
        }
        Ok(restored)
    }

    async fn restore_one(&self, caller: &Caller, id: ArticleId) -> Result<bool, DeskError> {
        let Some(mut article) = self.article(id).await? else { return Ok(false) };
        let Some(trashed) = article.trashed.take() else { return Ok(false) };
        article.version += 1;
        let mut writes = records::restore(&article, &trashed)?;
        writes.push(self.audit(caller, (self.ports.clock)(), Deed::Restored, &article)?);
        match self.ports.table.write(writes).await {
            Ok(()) => Ok(true),
            // Somebody else brought it back meanwhile.
            Err(TableError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn delete_version(
        &self,
        caller: &Caller,
        id: ArticleId,
        version: u64,
    ) -> Result<usize, DeskError> {
        let Some(writes) = self.trash_writes(caller, id).await? else { return Ok(0) };
        // The batch replaces the version that was read, so no other can slip in between.
        let current = self.article(id).await?.map(|article| article.version);
        if current != Some(version) {
            return Err(DeskError::Stale);
        }
        match self.ports.table.write(writes).await {
            Ok(()) => Ok(1),
            Err(TableError::Conflict { .. }) => Err(DeskError::Stale),
            Err(error) => Err(error.into()),
        }
    }

    async fn delete_all(&self, caller: &Caller) -> Result<usize, DeskError> {
        let partition = records::feed_partition(&Feed::All);
        let mut deleted = 0;
        let mut range = Range::all();
        loop {
            let page = self.ports.table.query(&partition, &range, Order::Descending, 100).await?;
            let Some(last) = page.items.last() else { return Ok(deleted) };
            range.before = Some(last.key.sort.clone());
            let cards: Vec<Card> =
                page.items.iter().map(gazette_table::Item::parse).collect::<Result<_, _>>()?;
            let ids: Vec<ArticleId> = cards.into_iter().map(|card| card.id).collect();
            deleted += self.delete_each(caller, &ids).await?;
        }
    }

    async fn delete_each(&self, caller: &Caller, ids: &[ArticleId]) -> Result<usize, DeskError> {
        let mut deleted = 0;
        let mut batch = Vec::new();
        let mut batched = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for id in ids.iter().filter(|id| seen.insert(**id)) {
            let Some(writes) = self.trash_writes(caller, *id).await? else { continue };
            if batch.len() + writes.len() > MAX_BATCH {
                deleted += self.delete_batch(caller, &mut batch, &mut batched).await?;
            }
            batch.extend(writes);
            batched.push(*id);
        }
        if !batch.is_empty() {
            deleted += self.delete_batch(caller, &mut batch, &mut batched).await?;
        }
        Ok(deleted)
    }

    async fn delete_batch(
        &self,
        caller: &Caller,
        batch: &mut Vec<Write>,
        ids: &mut Vec<ArticleId>,
    ) -> Result<usize, DeskError> {
        let ids = std::mem::take(ids);
        match self.ports.table.write(std::mem::take(batch)).await {
            Ok(()) => Ok(ids.len()),
            // Somebody changed one of them meanwhile: each on its own, read afresh.
            Err(TableError::Conflict { .. }) => {
                let mut deleted = 0;
                for id in ids {
                    deleted += usize::from(self.delete_one(caller, id).await?);
                }
                Ok(deleted)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn delete_one(&self, caller: &Caller, id: ArticleId) -> Result<bool, DeskError> {
        let mut outcome = Ok(());
        for _ in 0..ATTEMPTS {
            let Some(writes) = self.trash_writes(caller, id).await? else { return Ok(false) };
            outcome = self.ports.table.write(writes).await;
            match outcome {
                Ok(()) => return Ok(true),
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        outcome.map(|()| true).map_err(DeskError::from)
    }

    /// The batch that trashes a story, or `None` when it is not published.
    async fn trash_writes(
        &self,
        caller: &Caller,
        id: ArticleId,
    ) -> Result<Option<Vec<Write>>, DeskError> {
        let Some(mut article) = self.article(id).await? else { return Ok(None) };
        if article.trashed.is_some() {
            return Ok(None);
        }
        let now = (self.ports.clock)();
        article.version += 1;
        article.trashed = Some(Trashed { at: now, by: audit::name(caller).to_owned() });
        let mut writes = records::trash(&article, now.as_second() + records::TRASH_SECONDS)?;
        writes.push(self.audit(caller, now, Deed::Trashed, &article)?);
        Ok(Some(writes))
    }

    async fn create(&self, caller: &Caller, draft: CheckedDraft) -> Result<Published, DeskError> {
        let now = (self.ports.clock)();
        let id = ArticleId::new((self.ports.new_id)());
        let wished = draft.slug.clone();
        let mut article = article_of(draft, id, now);
        let mut outcome = Ok(());
        for number in 1..=NAMESAKES + 1 {
            article.card.slug = match number {
                1 => wished.clone(),
                number if number <= NAMESAKES => wished.numbered(number),
                _ => Slug::from_text(&id.to_string()).unwrap_or_else(|| wished.clone()),
            };
            let mut batch = vec![records::create_slug(&article.card.slug, id)?];
            batch.extend(self.publish_writes(caller, now, Deed::Published, &article, None)?);
            outcome = self.ports.table.write(batch).await;
            match &outcome {
                Ok(()) => return Ok(Published::Created(article.card)),
                Err(TableError::Conflict { key })
                    if *key == records::slug_key(&article.card.slug) => {}
                Err(error) => return Err(error.clone().into()),
            }
        }
        outcome.map(|()| Published::Created(article.card)).map_err(DeskError::from)
    }

    async fn update(
        &self,
        caller: &Caller,
        current: Article,
        draft: CheckedDraft,
    ) -> Result<Published, DeskError> {
        if current.trashed.is_some() {
            return Ok(Published::InTrash(current.card));
        }
        let now = (self.ports.clock)();
        let mut article = article_of(draft, current.card.id, now);
        article.card.slug = current.card.slug.clone();
        article.card.updated_at = current.card.updated_at;
        article.version = current.version;
        if article == current {
            return Ok(Published::Unchanged(current.card));
        }
        article.card.updated_at = whole_seconds(now);
        article.version += 1;
        let batch =
            self.publish_writes(caller, now, Deed::Updated, &article, Some(&current.card))?;
        self.ports.table.write(batch).await?;
        Ok(Published::Updated(article.card))
    }

    fn publish_writes(
        &self,
        caller: &Caller,
        now: Timestamp,
        deed: Deed,
        article: &Article,
        before: Option<&Card>,
    ) -> Result<Vec<Write>, DeskError> {
        let mut writes = vec![records::put_article(article)?];
        writes.extend(records::put_cards(&article.card)?);
        if let Some(before) = before {
            writes.extend(records::delete_cards(before, Some(&article.card)));
        }
        if let Some(source) = &article.source {
            writes.push(records::put_source(source, article.card.id)?);
        }
        writes.push(self.audit(caller, now, deed, article)?);
        Ok(writes)
    }

    fn audit(
        &self,
        caller: &Caller,
        now: Timestamp,
        deed: Deed,
        article: &Article,
    ) -> Result<Write, TableError> {
        audit::record(caller, now, (self.ports.new_id)(), deed, article.card.id, article.version)
    }

    async fn article(&self, id: ArticleId) -> Result<Option<Article>, DeskError> {
        let item = self.ports.table.get(&records::article_key(id)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    async fn article_of_source(&self, source: &str) -> Result<Option<Article>, DeskError> {
        match self.ports.table.get(&records::source_key(source)).await? {
            Some(item) => self.article(item.parse::<Pointer>()?.article).await,
            None => Ok(None),
        }
    }
}

impl ListQuery {
    fn keeps(&self, card: &Card) -> bool {
        self.also_tagged
            .as_ref()
            .is_none_or(|wanted| card.tags.iter().any(|tag| tag.slug == *wanted))
    }
}

impl Default for ListQuery {
    fn default() -> Self {
        Self::newest(Feed::All, Limit::DEFAULT)
    }
}

fn article_of(checked: CheckedDraft, id: ArticleId, now: Timestamp) -> Article {
    let CheckedDraft { draft, slug, section, tags, author } = checked;
    let words = draft.body.split_whitespace().count();
    let reading_minutes = u32::try_from(words.div_ceil(WORDS_A_MINUTE)).unwrap_or(u32::MAX).max(1);
    let card = Card {
        id,
        slug,
        headline: draft.headline,
        summary: draft.summary,
        section,
        tags,
        author,
        published_at: whole_seconds(draft.published_at),
        updated_at: whole_seconds(now),
        reading_minutes,
        image: draft.image,
    };
    Article { card, body: draft.body, version: 1, source: draft.source, trashed: None }
}

/// News is not told by the millisecond.
fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
