//! A story's next version, and its earlier ones.

use gazette_table::{Item, Order, Range, TableError, Write};

use crate::article::{Article, ArticleId, Status};
use crate::audit::{Deed, Line};
use crate::caller::Caller;
use crate::desk::NewsDesk;
use crate::desk::publishing::{article_of, publish_writes, whole_seconds};
use crate::draft::FieldFault;
use crate::edit::Edit;
use crate::error::DeskError;
use crate::feed::Limit;
use crate::policy::Action;
use crate::records::{self, Pointer};
use crate::slug::Slug;

/// How many numbers are tried for the address of a draft that got another headline.
const NAMESAKES: usize = 10;

impl NewsDesk {
    /// A story by its id, whether readers see it or not; `None` when there is none or it was
    /// deleted.
    pub async fn story(
        &self,
        caller: &Caller,
        id: ArticleId,
    ) -> Result<Option<Article>, DeskError> {
        self.policy.authorize(caller, Action::WriteNews)?;
        Ok(self.article(id).await?.filter(|article| article.trashed.is_none()))
    }

    /// Replaces this version of a story by the next one; an edit that changes nothing makes none.
    ///
    /// # Errors
    /// [`DeskError::Stale`] when the story is of another version.
    pub async fn revise(
        &self,
        caller: &Caller,
        id: ArticleId,
        version: u64,
        edit: Edit,
    ) -> Result<Article, DeskError> {
        let actor = self.authorize(caller, Action::WriteNews)?;
        let current = self.article(id).await?.ok_or(DeskError::Missing)?;
        if current.trashed.is_some() {
            return Err(DeskError::Gone);
        }
        if current.version != version {
            return Err(DeskError::Stale);
        }
        let now = self.now();
        let draft = edit.onto(&current, now).check().map_err(DeskError::Unacceptable)?;
        let wished = draft.draft.slug.clone();
        let mut article = article_of(draft, id);
        let made_of_headline = std::mem::replace(&mut article.card.slug, current.card.slug.clone());
        article.card.updated_at = current.card.updated_at;
        article.version = current.version;
        let mut batch = Vec::new();
        batch.extend(self.move_to(&mut article, &current, wished, &made_of_headline).await?);
        if article == current {
            return Ok(article);
        }
        // A story is not "updated" before it is news.
        article.card.updated_at = whole_seconds(now).max(article.card.published_at);
        article.version += 1;
        batch.extend(publish_writes(&article, Some(&current))?);
        let deed = Deed::of_writing(Some(current.status), article.status);
        let line = Line::of(now, &actor, deed, &article);
        match self.log.commit(batch, vec![line]).await {
            Ok(()) => Ok(article),
            Err(TableError::Conflict { key }) if key == records::slug_key(&article.card.slug) => {
                Err(taken(&article.card.slug))
            }
            Err(TableError::Conflict { .. }) => Err(DeskError::Stale),
            Err(error) => Err(error.into()),
        }
    }

    /// Earlier versions of a story, the latest first.
    pub async fn revisions(
        &self,
        caller: &Caller,
        id: ArticleId,
        limit: Limit,
    ) -> Result<Vec<Article>, DeskError> {
        self.policy.authorize(caller, Action::WriteNews)?;
        let partition = records::article_key(id).partition;
        let range = Range { after: Some(records::REVISION.to_owned()), before: None };
        let table = &self.ports.table;
        let page = table.query(&partition, &range, Order::Descending, limit.get()).await?;
        Ok(page.items.iter().map(Item::parse).collect::<Result<_, _>>()?)
    }

    /// Moves the story to another address, if it is to have one. Earlier ones lead there.
    async fn move_to(
        &self,
        article: &mut Article,
        current: &Article,
        wished: Option<Slug>,
        made_of_headline: &Slug,
    ) -> Result<Option<Write>, DeskError> {
        if let Some(slug) = wished {
            return match self.owner(&slug).await? {
                Some(owner) if owner != article.card.id => Err(taken(&slug)),
                owner => point(article, slug, owner),
            };
        }
        let renamed = article.card.headline != current.card.headline;
        if !(renamed && current.status == Status::Draft) {
            return Ok(None);
        }
        for number in 1..=NAMESAKES {
            let slug = match number {
                1 => made_of_headline.clone(),
                number => made_of_headline.numbered(number),
            };
            match self.owner(&slug).await? {
                Some(owner) if owner != article.card.id => {}
                owner => return point(article, slug, owner),
            }
        }
        Ok(None)
    }

    async fn owner(&self, slug: &Slug) -> Result<Option<ArticleId>, DeskError> {
        let item = self.ports.table.get(&records::slug_key(slug)).await?;
        Ok(item.map(|item| item.parse::<Pointer>()).transpose()?.map(|pointer| pointer.article))
    }
}

/// Gives the story its address, which it may have had before.
fn point(
    article: &mut Article,
    slug: Slug,
    owner: Option<ArticleId>,
) -> Result<Option<Write>, DeskError> {
    article.card.slug = slug;
    match owner {
        Some(_) => Ok(None),
        None => Ok(Some(records::create_slug(&article.card.slug, article.card.id)?)),
    }
}

fn taken(slug: &Slug) -> DeskError {
    let message = format!("{slug} is the address of another story");
    DeskError::Unacceptable(vec![FieldFault { field: "slug", message }])
}
