//! The table of the running process.

use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use gazette_table::{
    Item, Key, Order, Page, Range, Table, TableError, Write, check_batch, check_key, check_keys,
    check_limit,
};

use super::client::{Client, unexpected};
use super::message::{Answer, Call, WireKey, WireWrite};

/// Performs each call in the running process, whose caches learn of the changes.
pub(crate) struct RemoteTable(Client);

impl RemoteTable {
    /// Uses the table at the other end of a connection.
    pub(crate) fn new(client: Client) -> Self {
        Self(client)
    }

    /// Reads a page, which arrives in several frames if it is large.
    async fn page(&self, call: Call) -> Result<(Vec<Option<Item>>, bool), TableError> {
        let is_last = |answer: &Answer| !matches!(answer, Answer::Items { .. });
        let mut answers = self.0.calls(call, Bytes::new(), is_last).await.map_err(unavailable)?;
        let mut page = Vec::new();
        while let Some(answer) = answers.recv().await {
            let mut add = |items: Vec<_>| {
                page.extend(items.into_iter().map(|item: Option<_>| item.map(Item::from)));
            };
            match answer.map_err(unavailable)?.0 {
                Answer::Items { items } => add(items),
                Answer::PageEnd { items, more } => {
                    add(items);
                    return Ok((page, more));
                }
                Answer::TableFailed(error) => return Err(error.into()),
                other => return Err(TableError::Unavailable { reason: unexpected(&other) }),
            }
        }
        Err(unavailable(io::ErrorKind::UnexpectedEof.into()))
    }
}

#[async_trait]
impl Table for RemoteTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        check_key(key)?;
        Ok(self.get_many(std::slice::from_ref(key)).await?.pop().flatten())
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        check_keys(keys)?;
        Ok(self.page(Call::Get { keys: keys.iter().map(WireKey::from).collect() }).await?.0)
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError> {
        check_limit(limit)?;
        let (items, more) = self
            .page(Call::Query {
                partition: partition.to_owned(),
                after: range.after.clone(),
                before: range.before.clone(),
                descending: matches!(order, Order::Descending),
                limit,
            })
            .await?;
        Ok(Page { items: items.into_iter().flatten().collect(), more })
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        check_limit(limit)?;
        let after = after.map(WireKey::from);
        let (items, more) = self.page(Call::Scan { after, limit }).await?;
        Ok(Page { items: items.into_iter().flatten().collect(), more })
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        check_batch(&batch, self.max_batch())?;
        let batch = batch.into_iter().map(WireWrite::from).collect();
        match self.0.call(Call::Write { batch }, Bytes::new()).await.map_err(unavailable)?.0 {
            Answer::Done => Ok(()),
            Answer::TableFailed(error) => Err(error.into()),
            other => Err(TableError::Unavailable { reason: unexpected(&other) }),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "converts an error")]
fn unavailable(error: io::Error) -> TableError {
    TableError::Unavailable { reason: error.to_string() }
}
