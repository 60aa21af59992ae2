//! The imports of stories from elsewhere, each with a number.

use gazette_table::{Item, Order, Range, TableError, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::desk::newsroom::Newsroom;
use crate::desk::operator_desk::OperatorDesk;
use crate::error::DeskError;
use crate::feed::Limit;
use crate::records;

/// Tries to take a number while other processes begin imports.
const MAX_ATTEMPTS: usize = 10;

/// Number of an import, from 1.
pub type ImportNumber = u64;

/// An import of stories from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRecord {
    /// Number of the import.
    pub number: ImportNumber,
    /// Name of the source.
    pub source: String,
    /// Time of its beginning.
    pub at: Timestamp,
    /// Number of new stories.
    pub created: u64,
    /// Number of changed stories.
    pub updated: u64,
    /// Time at which all of it was undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<Timestamp>,
}

/// The entry of a story that an import wrote.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Member {
    /// The version that was replaced; `None` for a new story.
    pub(super) before: Option<u64>,
}

impl OperatorDesk {
    /// Lists the imports, latest first.
    pub async fn imports(&self, limit: Limit) -> Result<Vec<ImportRecord>, DeskError> {
        self.newsroom().imports(limit.get()).await
    }
}

impl Newsroom {
    pub(super) async fn imports(&self, limit: usize) -> Result<Vec<ImportRecord>, DeskError> {
        let range = Range::all();
        let page = self.table.query(records::IMPORTS, &range, Order::Descending, limit).await?;
        Ok(page.items.iter().map(Item::parse).collect::<Result<_, _>>()?)
    }

    pub(super) async fn import_record(
        &self,
        number: ImportNumber,
    ) -> Result<Option<ImportRecord>, DeskError> {
        let item = self.table.get(&records::import_key(number)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    /// Begins the record of an import under the next number.
    pub(super) async fn new_import(&self, source: &str) -> Result<ImportRecord, DeskError> {
        let mut outcome = Err(DeskError::Stale);
        for _ in 0..MAX_ATTEMPTS {
            let number = self.imports(1).await?.first().map_or(1, |last| last.number + 1);
            let source = source.to_owned();
            let at = self.now();
            let record =
                ImportRecord { number, source, at, created: 0, updated: 0, undone_at: None };
            let item = Item::new(records::import_key(number), &record)?;
            match self.table.write(vec![Write::create(item)]).await {
                Ok(()) => return Ok(record),
                // Another process took the number.
                Err(TableError::Conflict { .. }) => {}
                Err(error) => outcome = Err(error.into()),
            }
        }
        outcome
    }
}

impl ImportRecord {
    /// Returns the write of the record.
    pub(super) fn put(&self) -> Result<Write, DeskError> {
        Ok(Write::put(Item::new(records::import_key(self.number), self)?))
    }
}
