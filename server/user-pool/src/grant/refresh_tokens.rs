//! Refresh tokens: opaque, for thirty days, bound to a client and a user, and rotated for
//! the clients that ask for it.
//!
//! The tokens that follow from one grant are a family, which has an item of its own: where
//! it is gone, all of them are.

use std::sync::Arc;

use gazette_table::{Item, Key, Table, TableError, Write};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Failure;
use crate::config::AppClient;
use crate::grant::{Grant, SignIn};
use crate::secret::Secret;

/// The refresh tokens of a pool.
pub(crate) struct RefreshTokens {
    table: Arc<dyn Table>,
    tokens: String,
    families: String,
}

/// What a refresh token was good for.
pub(crate) struct Refreshed {
    pub(crate) grant: Grant,
    /// The token to use from now on, when the client has them rotated.
    pub(crate) successor: Option<Secret>,
}

#[derive(Serialize, Deserialize)]
struct Record {
    grant: Grant,
    /// When it was first used, if the client has its tokens rotated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaced_at: Option<i64>,
}

impl RefreshTokens {
    /// In seconds from the sign-in; neither a refresh nor a rotation lengthens it.
    pub(crate) const LIFETIME: i64 = 30 * 24 * 60 * 60;

    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        let tokens = format!("pool#{pool_id}#refresh");
        Self { table, tokens, families: format!("pool#{pool_id}#families") }
    }

    /// Makes the first token of a grant.
    pub(crate) async fn issue(&self, grant: &Grant, now: i64) -> Result<Secret, Failure> {
        let token = Secret::random()?;
        self.table.write(self.to_issue(&token, grant, now)?.into()).await?;
        Ok(token)
    }

    /// The writes that make the first token of a grant, for a batch of more.
    pub(crate) fn to_issue(
        &self,
        token: &Secret,
        grant: &Grant,
        now: i64,
    ) -> Result<[Write; 2], Failure> {
        let expires_at = now.saturating_add(Self::LIFETIME);
        let record = Record { grant: grant.clone(), replaced_at: None };
        let token = Item::new(self.token_key(token), &record)?.expires_at(expires_at);
        let family = Item::new(self.family_key(grant.origin_jti), &grant.sign_in)?;
        Ok([Write::create(token), Write::create(family.expires_at(expires_at))])
    }

    /// What a token stands for; `None` for another client's, as for an unknown or ended one.
    pub(crate) async fn find(
        &self,
        token: &str,
        client: &AppClient,
    ) -> Result<Option<Grant>, Failure> {
        let found = self.load(token, client).await?;
        Ok(found.map(|(_, record)| record.grant))
    }

    /// Uses a token. Where tokens are rotated it is replaced, but good again for a while, so
    /// that an answer lost on its way does not end the sign-in; used after that it may be
    /// stolen, and the whole family ends (RFC 9700 §4.14.2).
    pub(crate) async fn redeem(
        &self,
        token: &str,
        client: &AppClient,
        now: i64,
    ) -> Result<Option<Refreshed>, Failure> {
        while let Some((item, record)) = self.load(token, client).await? {
            let Some(grace) = client.refresh_token_rotation else {
                return Ok(Some(Refreshed { grant: record.grant, successor: None }));
            };
            let good_until = record.replaced_at.map(|at| at.saturating_add(grace.into()));
            if good_until.is_some_and(|until| now > until) {
                self.revoke(record.grant.origin_jti).await?;
                return Ok(None);
            }
            let successor = Secret::random()?;
            match self.table.write(self.to_replace(&item, &record, &successor, now)?).await {
                Ok(()) => {
                    return Ok(Some(Refreshed { grant: record.grant, successor: Some(successor) }));
                }
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// Ends all tokens of a family.
    pub(crate) async fn revoke(&self, family: Uuid) -> Result<(), Failure> {
        Ok(self.table.write(vec![Write::delete(self.family_key(family))]).await?)
    }

    /// The sign-in behind a family, unless the family has ended.
    pub(crate) async fn sign_in_of(&self, family: Uuid) -> Result<Option<SignIn>, Failure> {
        let item = self.table.get(&self.family_key(family)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    async fn load(
        &self,
        token: &str,
        client: &AppClient,
    ) -> Result<Option<(Item, Record)>, Failure> {
        let Some(token) = Secret::parse(token) else { return Ok(None) };
        let Some(item) = self.table.get(&self.token_key(&token)).await? else { return Ok(None) };
        let record: Record = item.parse()?;
        if record.grant.client_id != client.id {
            return Ok(None);
        }
        let alive = self.sign_in_of(record.grant.origin_jti).await?.is_some();
        Ok(alive.then_some((item, record)))
    }

    fn to_replace(
        &self,
        item: &Item,
        record: &Record,
        successor: &Secret,
        now: i64,
    ) -> Result<Vec<Write>, Failure> {
        let ends = item.expires_at.unwrap_or(now);
        let fresh = Record { grant: record.grant.clone(), replaced_at: None };
        let fresh = Item::new(self.token_key(successor), &fresh)?.expires_at(ends);
        let spent = Record {
            grant: record.grant.clone(),
            replaced_at: Some(record.replaced_at.unwrap_or(now)),
        };
        let spent = Item::new(item.key.clone(), &spent)?.version(item.version + 1).expires_at(ends);
        Ok(vec![Write::replace(spent, item.version), Write::create(fresh)])
    }

    fn token_key(&self, token: &Secret) -> Key {
        Key::new(&self.tokens, token.hash())
    }

    fn family_key(&self, family: Uuid) -> Key {
        Key::new(&self.families, family.to_string())
    }
}
