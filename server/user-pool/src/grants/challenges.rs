//! Sign-ins that have begun, and wait for a new password, a code or a proof.

use std::sync::Arc;

use gazette_table::{Condition, Item, Key, Table, TableError, Write};
use serde::{Deserialize, Serialize};

use super::sign_in::SignIn;
use crate::error::InternalError;
use crate::partitions::{CHALLENGES, partition};
use crate::secret::Secret;
use crate::srp::Exchange;
use crate::totp::SoftwareToken;

/// The sign-ins of a pool that wait for something.
pub(crate) struct Challenges {
    table: Arc<dyn Table>,
    partition: String,
}

/// Step that a sign-in waits for.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Challenge {
    /// The password that replaces a temporary one. Setting it increases the epoch of the account,
    /// so that each challenge is used once.
    NewPassword(SignIn),
    /// A code of the authenticator app.
    SoftwareToken(SignIn),
    /// The first code of an app that is being set up with this token.
    SetUp { sign_in: SignIn, token: SoftwareToken },
    /// The proof of a password.
    Password {
        client_id: String,
        /// Username of the account, or as typed if there is none.
        username: String,
        exchange: Exchange,
    },
}

impl Challenges {
    /// In seconds; the maximum of Cognito's `AuthSessionValidity`.
    const LIFETIME: i64 = 15 * 60;

    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, partition: partition(pool_id, CHALLENGES) }
    }

    pub(crate) async fn issue(
        &self,
        challenge: &Challenge,
        now: i64,
    ) -> Result<Secret, InternalError> {
        let session = Secret::random()?;
        let item = Item::new(self.key(&session), challenge)?
            .expires_at(now.saturating_add(Self::LIFETIME));
        self.table.write(vec![Write::create(item)]).await?;
        Ok(session)
    }

    /// Returns the challenge of a session, which stays.
    pub(crate) async fn find(&self, session: &str) -> Result<Option<Challenge>, InternalError> {
        Ok(self.load(session).await?.map(|(_, challenge)| challenge))
    }

    /// Ends a challenge; `false` if it was ended before.
    pub(crate) async fn end(&self, session: &str) -> Result<bool, InternalError> {
        let Some((item, _)) = self.load(session).await? else { return Ok(false) };
        let condition = Condition::Version(item.version);
        match self.table.write(vec![Write::Delete { key: item.key, condition }]).await {
            Ok(()) => Ok(true),
            Err(TableError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn load(&self, session: &str) -> Result<Option<(Item, Challenge)>, InternalError> {
        let Some(session) = Secret::parse(session) else { return Ok(None) };
        let Some(item) = self.table.get(&self.key(&session)).await? else { return Ok(None) };
        // Earlier versions stored something else, for some minutes.
        Ok(item.parse().ok().map(|challenge| (item, challenge)))
    }

    fn key(&self, session: &Secret) -> Key {
        Key::new(&self.partition, session.hash())
    }
}
