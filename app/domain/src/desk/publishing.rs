//! From a draft to a story that can be read.

use gazette_table::{Item, Key, TableError, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::article::{Article, ArticleId, Card};
use crate::audit::{Actor, Deed, Line};
use crate::caller::Caller;
use crate::desk::NewsDesk;
use crate::draft::{CheckedDraft, Draft};
use crate::edit::{Edit, IdempotencyKey};
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

/// Which story a request made, remembered for when it comes again.
#[derive(Serialize, Deserialize)]
struct Answered {
    article: ArticleId,
    digest: String,
}

/// How many namesakes a slug is numbered for before the story's id is used instead.
const NAMESAKES: usize = 50;
/// How often a slug is looked for when others take what was free.
const ATTEMPTS: usize = NAMESAKES + 1;
/// Seconds an idempotency key is remembered: a day.
const KEY_SECONDS: i64 = 24 * 60 * 60;
const WORDS_A_MINUTE: usize = 230;

impl NewsDesk {
    /// The slug of the story that was imported from a file.
    pub async fn slug_of_source(&self, source: &str) -> Result<Option<Slug>, DeskError> {
        Ok(self.article_of_source(source).await?.map(|article| article.card.slug))
    }

    /// Publishes a draft; one with a `source` updates the story of the same source.
    pub async fn publish(&self, caller: &Caller, draft: Draft) -> Result<Published, DeskError> {
        let actor = self.authorize(caller, Action::WriteNews)?;
        let draft = draft.check().map_err(DeskError::Unacceptable)?;
        let known = match &draft.draft.source {
            Some(source) => self.article_of_source(source).await?,
            None => None,
        };
        match known {
            Some(article) if article.trashed.is_some() => Ok(Published::InTrash(article.card)),
            Some(article) => self.update(&actor, &article, draft).await,
            None => {
                let id = ArticleId::new((self.ports.new_id)());
                let article = self.create(&actor, id, draft, None).await?;
                Ok(Published::Created(article.card))
            }
        }
    }

    /// Writes a new story; with a key, the same request again answers with the same story.
    pub async fn write(
        &self,
        caller: &Caller,
        edit: Edit,
        key: Option<&IdempotencyKey>,
    ) -> Result<Article, DeskError> {
        let actor = self.authorize(caller, Action::WriteNews)?;
        let hash = key.map(|key| key.hash(actor.sub.as_deref().unwrap_or_default()));
        let digest = edit.digest();
        if let Some(article) = self.answered(hash.as_deref(), &digest).await? {
            return Ok(article);
        }
        let now = self.now();
        let draft = edit.into_draft(&actor.name, now).check().map_err(DeskError::Unacceptable)?;
        let id = ArticleId::new((self.ports.new_id)());
        let remembered = hash.as_deref().map(|hash| {
            let answered = Answered { article: id, digest: digest.clone() };
            let item = Item::new(records::idempotency_key(hash), &answered)?;
            Ok::<_, TableError>(Write::create(item.expires_at(now.as_second() + KEY_SECONDS)))
        });
        match self.create(&actor, id, draft, remembered.transpose()?).await {
            // The same request is being answered elsewhere at this moment.
            Err(DeskError::Table(TableError::Conflict { key })) => {
                let article = self.answered(hash.as_deref(), &digest).await?;
                article.ok_or(DeskError::Table(TableError::Conflict { key }))
            }
            outcome => outcome,
        }
    }

    /// The story that a request with this key made before.
    async fn answered(
        &self,
        hash: Option<&str>,
        digest: &str,
    ) -> Result<Option<Article>, DeskError> {
        let Some(hash) = hash else { return Ok(None) };
        let item = self.ports.table.get(&records::idempotency_key(hash)).await?;
        let Some(item) = item else { return Ok(None) };
        let answered: Answered = item.parse()?;
        if answered.digest != digest {
            return Err(DeskError::KeyReused);
        }
        self.article(answered.article).await?.map(Some).ok_or(DeskError::Gone)
    }

    async fn create(
        &self,
        actor: &Actor,
        id: ArticleId,
        draft: CheckedDraft,
        remembered: Option<Write>,
    ) -> Result<Article, DeskError> {
        let now = self.now();
        let wished = draft.slug.clone();
        let mut article = article_of(draft, id);
        let mut outcome = Ok(());
        for _ in 0..ATTEMPTS {
            let mut batch = vec![records::create_slug(&article.card.slug, id)?];
            batch.extend(remembered.clone());
            batch.extend(publish_writes(&article, None)?);
            let deed = Deed::of_writing(None, article.status);
            let line = Line::of(now, actor, deed, &article);
            outcome = self.log.commit(batch, vec![line]).await;
            match &outcome {
                Err(TableError::Conflict { key })
                    if *key == records::slug_key(&article.card.slug) =>
                {
                    article.card.slug = self.free_slug(&wished, id).await?;
                }
                Ok(()) | Err(_) => break,
            }
        }
        outcome.map(|()| article).map_err(DeskError::from)
    }

    /// A slug like the one that was wished for, which no story has now.
    async fn free_slug(&self, wished: &Slug, id: ArticleId) -> Result<Slug, TableError> {
        let namesakes: Vec<Slug> = (2..=NAMESAKES).map(|number| wished.numbered(number)).collect();
        let keys: Vec<Key> = namesakes.iter().map(records::slug_key).collect();
        let taken = self.ports.table.get_many(&keys).await?;
        let free = namesakes.into_iter().zip(taken).find(|(_, taken)| taken.is_none());
        let free = free.map(|(slug, _)| slug).or_else(|| Slug::from_text(&id.to_string()));
        Ok(free.unwrap_or_else(|| wished.clone()))
    }

    async fn update(
        &self,
        actor: &Actor,
        current: &Article,
        draft: CheckedDraft,
    ) -> Result<Published, DeskError> {
        let mut article = article_of(draft, current.card.id);
        article.card.slug = current.card.slug.clone();
        article.card.updated_at = current.card.updated_at;
        article.version = current.version;
        if article == *current {
            return Ok(Published::Unchanged(article.card));
        }
        let now = self.now();
        article.card.updated_at = whole_seconds(now);
        article.version += 1;
        let deed = Deed::of_writing(Some(current.status), article.status);
        let line = Line::of(now, actor, deed, &article);
        self.log.commit(publish_writes(&article, Some(current))?, vec![line]).await?;
        Ok(Published::Updated(article.card))
    }
}

/// Everything a version of a story is written to, with what its predecessor leaves behind.
pub(super) fn publish_writes(
    article: &Article,
    before: Option<&Article>,
) -> Result<Vec<Write>, TableError> {
    let mut writes = records::change(before, article)?;
    if let Some(before) = before {
        writes.push(records::keep_revision(before)?);
    }
    if let Some(source) = &article.source {
        writes.push(records::put_source(source, article.card.id)?);
    }
    Ok(writes)
}

pub(super) fn article_of(checked: CheckedDraft, id: ArticleId) -> Article {
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
    let (source, status) = (draft.source, draft.status);
    Article { card, body: draft.body, version: 1, source, status, trashed: None }
}

/// News is not told by the millisecond.
pub(super) fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
