//! From a draft to a published story.

use gazette_table::{TableError, Write};
use jiff::Timestamp;

use crate::article::{Article, ArticleId, Card};
use crate::audit::Deed;
use crate::caller::Caller;
use crate::desk::NewsDesk;
use crate::draft::{CheckedDraft, Draft};
use crate::error::DeskError;
use crate::policy::Action;
use crate::records;
use crate::slug::Slug;

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

/// How many namesakes a slug is numbered for before the story's id is used instead.
const NAMESAKES: usize = 50;
const WORDS_A_MINUTE: usize = 230;

impl NewsDesk {
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

    async fn create(&self, caller: &Caller, draft: CheckedDraft) -> Result<Published, DeskError> {
        let now = (self.ports.clock)();
        let id = ArticleId::new((self.ports.new_id)());
        let wished = draft.slug.clone();
        let mut article = article_of(draft, id);
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
        let mut article = article_of(draft, current.card.id);
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
}

fn article_of(checked: CheckedDraft, id: ArticleId) -> Article {
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
        updated_at: whole_seconds(draft.published_at),
        reading_minutes,
        image: draft.image,
    };
    Article { card, body: draft.body, version: 1, source: draft.source, trashed: None }
}

/// News is not told by the millisecond.
fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
