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
use crate::validation::normalize_username;

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
        /// Username of the account, or as typed if there is none.
        username: String,
        /// Name that the proof uses.
        proof_name: String,
        exchange: Exchange,
    },
}

/// A challenge as it is stored.
#[derive(Serialize, Deserialize)]
struct StoredChallenge {
    until: i64,
    client_id: String,
    /// Absent after its use.
    challenge: Option<Challenge>,
}

impl Challenge {
    /// Checks that the sign-in is that of a username.
    pub(crate) fn is_of(&self, username: &str) -> bool {
        let is_same = |own: &str| normalize_username(own) == normalize_username(username);
        match self {
            Self::NewPassword(sign_in)
            | Self::SoftwareToken(sign_in)
            | Self::SetUp { sign_in, .. } => is_same(&sign_in.username),
            Self::Password { username, proof_name, .. } => is_same(username) || is_same(proof_name),
        }
    }
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
        let (client_id, challenge) = (client.id.clone(), Some(challenge.clone()));
        let stored = StoredChallenge { until, client_id, challenge };
        let item = self.item(&session, &stored)?;
        self.table.write(vec![Write::create(item)]).await?;
        Ok(session)
    }

    /// Returns the challenge of a session, which stays. The session must be that of the client if
    /// one is known.
    pub(crate) async fn find(
        &self,
        session: &str,
        client: Option<&AppClient>,
        now: i64,
    ) -> Result<Challenge, StepError> {
        let session = Secret::parse(session).ok_or(SessionError::Invalid)?;
        let (_, stored) = self.load(&session).await?;
        if client.is_some_and(|client| client.id != stored.client_id) {
            return Err(SessionError::Invalid.into());
        }
        stored.current(now)
    }

    /// Ends the challenge of a session, once.
    pub(crate) async fn end(&self, session: &str, now: i64) -> Result<(), StepError> {
        let session = Secret::parse(session).ok_or(SessionError::Invalid)?;
        let (item, stored) = self.load(&session).await?;
        let client_id = stored.client_id.clone();
        stored.current(now)?;
        let used = StoredChallenge { until: now, client_id, challenge: None };
        let used = self.item(&session, &used)?;
        match self.table.write(vec![Write::replace(used, item.version)]).await {
            Ok(()) => Ok(()),
            Err(TableError::Conflict { .. }) => Err(SessionError::Used.into()),
            Err(error) => Err(error.into()),
        }
    }

    async fn load(&self, session: &Secret) -> Result<(Item, StoredChallenge), StepError> {
        let item = self.table.get(&self.key(session)).await?.ok_or(SessionError::Invalid)?;
        // Earlier versions stored something else, for some minutes.
        let stored = item.parse().map_err(|_| SessionError::Invalid)?;
        Ok((item, stored))
    }

    fn item(&self, session: &Secret, stored: &StoredChallenge) -> Result<Item, InternalError> {
        let until = stored.until.saturating_add(Self::MEMORY);
        Ok(Item::new(self.key(session), stored)?.expires_at(until))
    }

    fn key(&self, session: &Secret) -> Key {
        Key::new(&self.partition, session.hash())
    }
}

impl StoredChallenge {
    /// Returns the challenge if it was not used and has not expired.
    fn current(self, now: i64) -> Result<Challenge, StepError> {
        let challenge = self.challenge.ok_or(SessionError::Used)?;
        if now >= self.until {
            return Err(SessionError::Expired.into());
        }
        Ok(challenge)
    }
}
