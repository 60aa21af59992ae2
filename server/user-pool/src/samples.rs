//! Sample users, whom a person at this machine can sign in as without a password.
//!
//! That ends when the password of the user is changed, or the user is signed out everywhere.

use std::sync::Arc;

use gazette_table::{Item, Key, Order, Range, Table, Write};
use uuid::Uuid;

use crate::directory::Ensured;
use crate::error::{DirectoryError, InternalError};
use crate::partitions::{SAMPLES, partition};
use crate::pool::UserPool;
use crate::user::{Account, NewUser};

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

    async fn add(&self, username: &str, sub: Uuid) -> Result<(), InternalError> {
        let item = Item::new(Key::new(&self.partition, username), &sub)?;
        Ok(self.table.write(vec![Write::put(item)]).await?)
    }

    async fn list(&self) -> Result<Vec<(String, Uuid)>, InternalError> {
        let (all, order) = (Range::all(), Order::Ascending);
        let page = self.table.query(&self.partition, &all, order, MAX_SAMPLES).await?;
        let sample = |item: &Item| Ok((item.key.sort.clone(), item.parse()?));
        page.items.iter().map(sample).collect()
    }
}

impl UserPool {
    /// Creates a sample user unless the username exists; never changes an existing user.
    ///
    /// # Errors
    /// As [`crate::Directory::ensure_user`].
    pub async fn ensure_sample_user(&self, new: NewUser) -> Result<Ensured, DirectoryError> {
        let ensured = self.directory().ensure_user(new).await?;
        if let Ensured::Created(user) = &ensured {
            self.state.samples.add(&user.username, user.sub).await?;
        }
        Ok(ensured)
    }

    /// Returns the accounts of the sample users that still have the password they began with.
    pub(crate) async fn sample_accounts(&self) -> Result<Vec<Account>, InternalError> {
        let mut accounts = Vec::new();
        for (name, sub) in self.state.samples.list().await? {
            let account = self.directory().resolve(&name).await?;
            accounts.extend(account.filter(|account| {
                account.user.sub == sub
                    && account.epoch == 0
                    && !account.disabled
                    && account.status() == "CONFIRMED"
            }));
        }
        Ok(accounts)
    }
}
