//! Single sign-on: a browser stays signed in to the pool for an hour.

use std::sync::Arc;

use gazette_table::{Item, Key, Table, Write};

use super::sign_in::SignIn;
use crate::error::InternalError;
use crate::partitions::{SESSIONS, partition};
use crate::secret::Secret;

/// The sessions of browsers with the pool itself.
pub(crate) struct Sessions {
    table: Arc<dyn Table>,
    partition: String,
}

impl Sessions {
    /// In seconds from the sign-in; use does not extend it.
    pub(crate) const LIFETIME: i64 = 60 * 60;

    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, partition: partition(pool_id, SESSIONS) }
    }

    /// Creates a session and deletes the browser's previous one, even another user's.
    pub(crate) async fn create(
        &self,
        sign_in: &SignIn,
        previous: Option<&Secret>,
    ) -> Result<Secret, InternalError> {
        let secret = Secret::random()?;
        let item = Item::new(self.key(&secret), sign_in)?
            .expires_at(sign_in.auth_time.saturating_add(Self::LIFETIME));
        let mut batch = vec![Write::create(item)];
        batch.extend(previous.map(|previous| Write::delete(self.key(previous))));
        self.table.write(batch).await?;
        Ok(secret)
    }

    pub(crate) async fn find(&self, secret: &Secret) -> Result<Option<SignIn>, InternalError> {
        let item = self.table.get(&self.key(secret)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    pub(crate) async fn delete(&self, secret: &Secret) -> Result<(), InternalError> {
        Ok(self.table.write(vec![Write::delete(self.key(secret))]).await?)
    }

    fn key(&self, secret: &Secret) -> Key {
        Key::new(&self.partition, secret.hash())
    }
}
