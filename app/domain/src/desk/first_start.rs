//! The first start of a newsroom, which only one process may fill with sample stories.

use gazette_table::{Item, Order, Range, TableError, Write};
use jiff::Timestamp;
use serde::Serialize;

use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::records;

/// The claim of one process.
#[derive(Serialize)]
struct Claim {
    at: Timestamp,
}

impl Newsroom {
    /// Checks that nothing was ever written here. Deleted stories and drafts leave audit records.
    pub(super) async fn is_untouched(&self) -> Result<bool, TableError> {
        for partition in [records::AUDIT, records::SECTIONS] {
            let page = self.table.query(partition, &Range::all(), Order::Ascending, 1).await?;
            if !page.items.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) async fn claim_samples(&self) -> Result<bool, DeskError> {
        if !self.is_untouched().await? {
            return Ok(false);
        }
        let item = Item::new(records::samples_key(), &Claim { at: self.now() })?;
        match self.table.write(vec![Write::create(item)]).await {
            Ok(()) => Ok(true),
            Err(TableError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
