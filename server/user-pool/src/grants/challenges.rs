//! Sign-ins with a temporary password, which are complete after it was replaced.

use std::sync::Arc;

use gazette_table::{Item, Key, Table, Write};

use super::sign_in::SignIn;
use crate::error::InternalError;
use crate::partitions::{CHALLENGES, partition};
use crate::secret::Secret;

/// The sign-ins that wait for a new password.
///
/// Setting the password increases the epoch of the account, so that each is used once.
pub(crate) struct Challenges {
    table: Arc<dyn Table>,
    partition: String,
}

impl Challenges {
    /// In seconds; the maximum of Cognito's `AuthSessionValidity`.
    const LIFETIME: i64 = 15 * 60;

    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, partition: partition(pool_id, CHALLENGES) }
    }

    pub(crate) async fn issue(&self, sign_in: &SignIn) -> Result<Secret, InternalError> {
        let session = Secret::random()?;
        let item = Item::new(self.key(&session), sign_in)?
            .expires_at(sign_in.auth_time.saturating_add(Self::LIFETIME));
        self.table.write(vec![Write::create(item)]).await?;
        Ok(session)
    }

    pub(crate) async fn find(&self, session: &Secret) -> Result<Option<SignIn>, InternalError> {
        let item = self.table.get(&self.key(session)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    fn key(&self, session: &Secret) -> Key {
        Key::new(&self.partition, session.hash())
    }
}
