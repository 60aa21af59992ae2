//! Single sign-on: who a browser belongs to, for an hour.

use std::sync::Arc;

use gazette_table::{Item, Key, Table, Write};

use crate::Failure;
use crate::grant::SignIn;
use crate::secret::Secret;

/// The sessions of browsers with the pool itself.
pub(crate) struct Sessions {
    table: Arc<dyn Table>,
    partition: String,
}

impl Sessions {
    /// In seconds from the sign-in; using a session does not lengthen it.
    pub(crate) const LIFETIME: i64 = 60 * 60;

    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, partition: format!("pool#{pool_id}#sessions") }
    }

    /// Begins a session and ends the one the browser had, whosever it was.
    pub(crate) async fn begin(
        &self,
        sign_in: &SignIn,
        previous: Option<&Secret>,
    ) -> Result<Secret, Failure> {
        let secret = Secret::random()?;
        let item = Item::new(self.key(&secret), sign_in)?
            .expires_at(sign_in.auth_time.saturating_add(Self::LIFETIME));
        let mut batch = vec![Write::create(item)];
        batch.extend(previous.map(|previous| Write::delete(self.key(previous))));
        self.table.write(batch).await?;
        Ok(secret)
    }

    pub(crate) async fn find(&self, secret: &Secret) -> Result<Option<SignIn>, Failure> {
        let item = self.table.get(&self.key(secret)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    pub(crate) async fn end(&self, secret: &Secret) -> Result<(), Failure> {
        Ok(self.table.write(vec![Write::delete(self.key(secret))]).await?)
    }

    fn key(&self, secret: &Secret) -> Key {
        Key::new(&self.partition, secret.hash())
    }
}
