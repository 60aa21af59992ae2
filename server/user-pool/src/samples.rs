//! Sample users, whom a person at this machine can sign in as without a password.
//!
//! That ends when the password of the user is changed, or the user is signed out everywhere.

use std::sync::Arc;

use gazette_table::{Item, Key, Order, Range, Table, Write};
use uuid::Uuid;

use crate::error::InternalError;
use crate::partitions::{SAMPLES, partition};

/// Maximum number of sample users.
const MAX_SAMPLES: usize = 10;

/// Names and ids of the sample users.
pub(crate) struct Samples {
    table: Arc<dyn Table>,
    partition: String,
}

impl Samples {
    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, partition: partition(pool_id, SAMPLES) }
    }

    pub(crate) async fn add(&self, username: &str, sub: Uuid) -> Result<(), InternalError> {
        let item = Item::new(Key::new(&self.partition, username), &sub)?;
        Ok(self.table.write(vec![Write::put(item)]).await?)
    }

    pub(crate) async fn list(&self) -> Result<Vec<(String, Uuid)>, InternalError> {
        let (all, order) = (Range::all(), Order::Ascending);
        let page = self.table.query(&self.partition, &all, order, MAX_SAMPLES).await?;
        let sample = |item: &Item| Ok((item.key.sort.clone(), item.parse()?));
        page.items.iter().map(sample).collect()
    }
}
