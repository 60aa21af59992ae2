//! What the running process does for commands.

use std::sync::Arc;

use bytes::Bytes;
use gazette_domain::OperatorDesk;
use gazette_table::{Item, Key, Order, Page, Range, Table, TableError, Write};

use super::message::{Answer, Call, ServerFacts, WireWrite, image_name};
use crate::backup::Backup;
use crate::export::ItemLine;
use crate::images::{ImageStoreError, Images};

/// Items of a frame: with every character escaped they are still within its limit.
const ITEMS_PER_FRAME: usize = 10;

/// What commands may use of this process; cheap to clone.
#[derive(Clone)]
pub(crate) struct Operations {
    /// Table.
    pub(crate) table: Arc<dyn Table>,
    /// Desk that learns of changes; `None` if the process has no newsroom.
    pub(crate) desk: Option<OperatorDesk>,
    /// Pictures.
    pub(crate) images: Images,
    /// Backup of this process.
    pub(crate) backup: Backup,
    /// Settings that commands depend on.
    pub(crate) facts: ServerFacts,
    /// Version, commit and target of this binary.
    pub(crate) build: String,
}

impl Operations {
    /// Performs a call, and returns its answers in their order.
    pub(super) async fn perform(&self, call: Call, blob: Bytes) -> (Vec<Answer>, Bytes) {
        let answer = match call {
            Call::Get { keys } => {
                let keys: Vec<Key> = keys.into_iter().map(Key::from).collect();
                return pages(self.table.get_many(&keys).await.map(|items| (items, false)));
            }
            Call::Query { partition, after, before, descending, limit } => {
                let order = if descending { Order::Descending } else { Order::Ascending };
                let range = Range { after, before };
                return page(self.table.query(&partition, &range, order, limit).await);
            }
            Call::Scan { after, limit } => {
                let after = after.map(Key::from);
                return page(self.table.scan(after.as_ref(), limit).await);
            }
            Call::Write { batch } => self.write(batch).await,
            Call::GetImage { name } => return self.image(&name).await,
            Call::PutImage { name } => match image_name(&name) {
                Ok(name) => done(self.images.put(name, blob).await),
                Err(refused) => refused,
            },
            Call::DeleteImage { name } => match image_name(&name) {
                Ok(name) => done(self.images.delete_file(name).await),
                Err(refused) => refused,
            },
            Call::ListImages { after } => {
                let after = after.and_then(|name| name.parse().ok());
                match self.images.list(after).await {
                    Ok(names) => {
                        Answer::Names { names: names.iter().map(ToString::to_string).collect() }
                    }
                    Err(error) => failed(&error),
                }
            }
            // Streamed by the connection.
            Call::Backup => Answer::Failed { reason: "a backup has no answer".to_owned() },
        };
        (vec![answer], Bytes::new())
    }

    /// Writes a batch, even if the command disconnects.
    async fn write(&self, batch: Vec<WireWrite>) -> Answer {
        let batch: Vec<Write> = batch.into_iter().map(Write::from).collect();
        let written = self.table.write(batch.clone()).await;
        // After `Unavailable` the batch may have been written.
        if !matches!(written, Err(TableError::Conflict { .. } | TableError::Invalid { .. }))
            && let Some(desk) = &self.desk
        {
            desk.take_over(&batch);
        }
        match written {
            Ok(()) => Answer::Done,
            Err(error) => Answer::TableFailed(error.into()),
        }
    }

    async fn image(&self, name: &str) -> (Vec<Answer>, Bytes) {
        let found = match image_name(name) {
            Ok(name) => self.images.get(name).await,
            Err(refused) => return (vec![refused], Bytes::new()),
        };
        match found {
            Ok(Some(bytes)) => (vec![Answer::File], bytes),
            Ok(None) => (vec![Answer::NoFile], Bytes::new()),
            Err(error) => (vec![failed(&error)], Bytes::new()),
        }
    }
}

fn page(page: Result<Page, TableError>) -> (Vec<Answer>, Bytes) {
    pages(page.map(|page| (page.items.into_iter().map(Some).collect(), page.more)))
}

/// Splits a page into frames.
fn pages(read: Result<(Vec<Option<Item>>, bool), TableError>) -> (Vec<Answer>, Bytes) {
    let (items, more) = match read {
        Ok(read) => read,
        Err(error) => return (vec![Answer::TableFailed(error.into())], Bytes::new()),
    };
    let mut lines = items.into_iter().map(|item| item.map(ItemLine::from)).peekable();
    let mut answers = Vec::new();
    loop {
        let items = lines.by_ref().take(ITEMS_PER_FRAME).collect();
        if lines.peek().is_none() {
            answers.push(Answer::PageEnd { items, more });
            return (answers, Bytes::new());
        }
        answers.push(Answer::Items { items });
    }
}

fn done(outcome: Result<(), ImageStoreError>) -> Answer {
    match outcome {
        Ok(()) => Answer::Done,
        Err(error) => failed(&error),
    }
}

fn failed(error: &ImageStoreError) -> Answer {
    Answer::Failed { reason: error.to_string() }
}
