//! To the trash, and back from it.

use std::collections::HashSet;

use gazette_table::{Item, MAX_BATCH, Order, Range, TableError, Write};

use crate::article::{ArticleId, Card, TrashEntry, Trashed};
use crate::audit::{self, Deed};
use crate::caller::Caller;
use crate::desk::NewsDesk;
use crate::error::DeskError;
use crate::feed::{Feed, Limit};
use crate::policy::Action;
use crate::records;

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

impl NewsDesk {
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
        Ok(page.items.iter().map(Item::parse).collect::<Result<_, _>>()?)
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
            let cards: Vec<Card> = page.items.iter().map(Item::parse).collect::<Result<_, _>>()?;
            let ids: Vec<ArticleId> = cards.into_iter().map(|card| card.id).collect();
            deleted += self.delete_each(caller, &ids).await?;
        }
    }

    async fn delete_each(&self, caller: &Caller, ids: &[ArticleId]) -> Result<usize, DeskError> {
        let mut deleted = 0;
        let mut batch = Vec::new();
        let mut batched = Vec::new();
        let mut seen = HashSet::new();
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
}
