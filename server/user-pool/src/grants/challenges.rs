//! Sign-ins that have begun, and wait for a new password, a code or a proof.

use std::sync::Arc;

use gazette_table::{Item, Key, Table, TableError, Write};
use serde::{Deserialize, Serialize};

use super::sign_in::SignIn;
use crate::client::{AppClient, Lifetime, TimeUnit};
use crate::error::{InternalError, SessionError, StepError};
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
    /// The password that replaces a temporary one.
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

/// A challenge as it is stored.
#[derive(Serialize, Deserialize)]
struct StoredChallenge {
    until: i64,
    /// Absent after its use.
    challenge: Option<Challenge>,
}

impl Challenges {
    /// Seconds for which an expired session is told apart from an unknown one.
    const MEMORY: i64 = 60 * 60;

    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, partition: partition(pool_id, CHALLENGES) }
    }

    /// Stores a challenge of a client; returns its session.
    pub(crate) async fn issue(
        &self,
        client: &AppClient,
        challenge: &Challenge,
        now: i64,
    ) -> Result<Secret, InternalError> {
        let session = Secret::random()?;
        let lifetime = Lifetime::new(client.auth_session_minutes.into(), TimeUnit::Minutes);
        let until = now.saturating_add(lifetime.seconds());
        let stored = StoredChallenge { until, challenge: Some(challenge.clone()) };
        let item = self.item(&session, &stored)?;
        self.table.write(vec![Write::create(item)]).await?;
        Ok(session)
    }

    /// Returns the challenge of a session, which stays.
    pub(crate) async fn find(&self, session: &str, now: i64) -> Result<Challenge, StepError> {
        let session = Secret::parse(session).ok_or(SessionError::Invalid)?;
        Ok(self.load(&session, now).await?.1)
    }

    /// Ends the challenge of a session, once.
    pub(crate) async fn end(&self, session: &str, now: i64) -> Result<(), StepError> {
        let session = Secret::parse(session).ok_or(SessionError::Invalid)?;
        let (item, _) = self.load(&session, now).await?;
        let used = self.item(&session, &StoredChallenge { until: now, challenge: None })?;
        match self.table.write(vec![Write::replace(used, item.version)]).await {
            Ok(()) => Ok(()),
            Err(TableError::Conflict { .. }) => Err(SessionError::Used.into()),
            Err(error) => Err(error.into()),
        }
    }

    async fn load(&self, session: &Secret, now: i64) -> Result<(Item, Challenge), StepError> {
        let item = self.table.get(&self.key(session)).await?.ok_or(SessionError::Invalid)?;
        // Earlier versions stored something else, for some minutes.
        let stored: StoredChallenge = item.parse().map_err(|_| SessionError::Invalid)?;
        let challenge = stored.challenge.ok_or(SessionError::Used)?;
        if now >= stored.until {
            return Err(SessionError::Expired.into());
        }
        Ok((item, challenge))
    }

    fn item(&self, session: &Secret, stored: &StoredChallenge) -> Result<Item, InternalError> {
        let until = stored.until.saturating_add(Self::MEMORY);
        Ok(Item::new(self.key(session), stored)?.expires_at(until))
    }

    fn key(&self, session: &Secret) -> Key {
        Key::new(&self.partition, session.hash())
    }
}
