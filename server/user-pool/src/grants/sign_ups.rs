//! Browsers that signed a user up and may sign the user in after the confirmation, without the
//! password again.

use std::sync::Arc;

use gazette_table::{Item, Key, Table, Write};

use super::sign_in::SignIn;
use crate::error::InternalError;
use crate::partitions::{SIGN_UPS, partition};
use crate::secret::Secret;

/// The sign-ups that wait for their confirmation.
pub(crate) struct SignUps {
    table: Arc<dyn Table>,
    partition: String,
}

impl SignUps {
    /// In seconds; the code itself is valid longer, but then the password is needed.
    const LIFETIME: i64 = 60 * 60;

    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, partition: partition(pool_id, SIGN_UPS) }
    }

    pub(crate) async fn begin(&self, sign_in: &SignIn) -> Result<Secret, InternalError> {
        let secret = Secret::random()?;
        let item = Item::new(self.key(&secret), sign_in)?
            .expires_at(sign_in.auth_time.saturating_add(Self::LIFETIME));
        self.table.write(vec![Write::create(item)]).await?;
        Ok(secret)
    }

    /// Returns the sign-up and deletes it, so that it signs in once.
    pub(crate) async fn take(&self, secret: &str) -> Result<Option<SignIn>, InternalError> {
        let Some(secret) = Secret::parse(secret) else { return Ok(None) };
        let Some(item) = self.table.get(&self.key(&secret)).await? else { return Ok(None) };
        self.table.write(vec![Write::delete(item.key.clone())]).await?;
        Ok(Some(item.parse()?))
    }

    fn key(&self, secret: &Secret) -> Key {
        Key::new(&self.partition, secret.hash())
    }
}
