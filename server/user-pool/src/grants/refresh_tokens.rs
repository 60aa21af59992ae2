//! Refresh tokens: opaque, bound to a client and a user, and rotated for clients that enable it.
//! A lifetime counts from the sign-in; neither refresh nor rotation extends it.
//!
//! The tokens of one grant are a family, which has an item of its own. Deleting that item
//! revokes all tokens of the family.

use std::sync::Arc;

use gazette_table::{Item, Key, Table, TableError, Write};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::grant::Grant;
use super::sign_in::SignIn;
use crate::client::AppClient;
use crate::error::InternalError;
use crate::partitions::{FAMILIES, REFRESH_TOKENS, partition};
use crate::secret::Secret;

/// The refresh tokens of a pool.
pub(crate) struct RefreshTokens {
    table: Arc<dyn Table>,
    tokens: String,
    families: String,
}

/// Result of redeeming a refresh token.
pub(crate) struct RedeemedRefreshToken {
    pub(crate) grant: Grant,
    /// The token that replaces the redeemed one, if the client has rotation enabled.
    pub(crate) successor: Option<Secret>,
}

/// A refresh token as a client presents it.
pub(crate) enum FoundRefreshToken {
    Active(Grant),
    /// Its family was revoked.
    Revoked,
    /// It does not exist, has expired or is another client's.
    Unknown,
}

#[derive(Serialize, Deserialize)]
struct Record {
    grant: Grant,
    /// Time of the first use, if the client has rotation enabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaced_at: Option<i64>,
}

impl RefreshTokens {
    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        let tokens = partition(pool_id, REFRESH_TOKENS);
        Self { table, tokens, families: partition(pool_id, FAMILIES) }
    }

    /// Issues the first token of a grant.
    pub(crate) async fn issue(&self, grant: &Grant, now: i64) -> Result<Secret, InternalError> {
        let token = Secret::random()?;
        self.table.write(self.issue_writes(&token, grant, now)?.into()).await?;
        Ok(token)
    }

    /// Returns the writes that issue the first token of a grant, for use in a larger batch.
    pub(crate) fn issue_writes(
        &self,
        token: &Secret,
        grant: &Grant,
        now: i64,
    ) -> Result<[Write; 2], InternalError> {
        let expires_at = now.saturating_add(grant.lifetimes.refresh_token.seconds());
        let record = Record { grant: grant.clone(), replaced_at: None };
        let token = Item::new(self.token_key(token), &record)?.expires_at(expires_at);
        let family = Item::new(self.family_key(grant.origin_jti), &grant.sign_in)?;
        Ok([Write::create(token), Write::create(family.expires_at(expires_at))])
    }

    /// Returns the grant of a token; `None` when it is unknown, ended or another client's.
    pub(crate) async fn find(
        &self,
        token: &str,
        client: &AppClient,
    ) -> Result<Option<Grant>, InternalError> {
        let found = self.load(token, client).await?;
        Ok(found.map(|(_, record)| record.grant))
    }

    /// Redeems a token.
    ///
    /// With rotation the token is replaced, but stays valid for a grace period, so that a lost
    /// response does not end the sign-in. A later use may be theft and revokes the whole family
    /// (RFC 9700 §4.14.2).
    pub(crate) async fn redeem(
        &self,
        token: &str,
        client: &AppClient,
        now: i64,
    ) -> Result<Option<RedeemedRefreshToken>, InternalError> {
        while let Some((item, record)) = self.load(token, client).await? {
            let Some(grace) = client.refresh_token_rotation else {
                return Ok(Some(RedeemedRefreshToken { grant: record.grant, successor: None }));
            };
            let valid_until = record.replaced_at.map(|at| at.saturating_add(grace.into()));
            // Without a grace period not even in the same second.
            if valid_until.is_some_and(|until| now > until || grace == 0) {
                self.revoke(record.grant.origin_jti).await?;
                return Ok(None);
            }
            let successor = Secret::random()?;
            match self.table.write(self.rotation_writes(&item, &record, &successor, now)?).await {
                Ok(()) => {
                    let (grant, successor) = (record.grant, Some(successor));
                    return Ok(Some(RedeemedRefreshToken { grant, successor }));
                }
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// Revokes all tokens of a family.
    pub(crate) async fn revoke(&self, family: Uuid) -> Result<(), InternalError> {
        Ok(self.table.write(vec![Write::delete(self.family_key(family))]).await?)
    }

    /// Returns the sign-in of a family; `None` when the family was revoked.
    pub(crate) async fn sign_in_of(&self, family: Uuid) -> Result<Option<SignIn>, InternalError> {
        let item = self.table.get(&self.family_key(family)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    /// Keeps a family valid although the epoch of its account has changed: the user has changed
    /// the password in this sign-in.
    pub(crate) async fn keep(&self, family: Uuid, epoch: u64) -> Result<(), InternalError> {
        let Some(item) = self.table.get(&self.family_key(family)).await? else { return Ok(()) };
        let sign_in = SignIn { epoch, ..item.parse()? };
        let mut kept = Item::new(item.key, &sign_in)?.version(item.version + 1);
        kept.expires_at = item.expires_at;
        match self.table.write(vec![Write::replace(kept, item.version)]).await {
            // It was revoked meanwhile.
            Ok(()) | Err(TableError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the state of a token.
    pub(crate) async fn look_up(
        &self,
        token: &str,
        client: &AppClient,
    ) -> Result<FoundRefreshToken, InternalError> {
        let Some((_, record)) = self.stored(token, client).await? else {
            return Ok(FoundRefreshToken::Unknown);
        };
        let mut grant = record.grant;
        let Some(sign_in) = self.sign_in_of(grant.origin_jti).await? else {
            return Ok(FoundRefreshToken::Revoked);
        };
        grant.sign_in = sign_in;
        Ok(FoundRefreshToken::Active(grant))
    }

    /// Returns a token whose family was not revoked.
    async fn load(
        &self,
        token: &str,
        client: &AppClient,
    ) -> Result<Option<(Item, Record)>, InternalError> {
        let Some((item, mut record)) = self.stored(token, client).await? else { return Ok(None) };
        let sign_in = self.sign_in_of(record.grant.origin_jti).await?;
        Ok(sign_in.map(|sign_in| {
            record.grant.sign_in = sign_in;
            (item, record)
        }))
    }

    async fn stored(
        &self,
        token: &str,
        client: &AppClient,
    ) -> Result<Option<(Item, Record)>, InternalError> {
        let Some(token) = Secret::parse(token) else { return Ok(None) };
        let Some(item) = self.table.get(&self.token_key(&token)).await? else { return Ok(None) };
        let mut record: Record = item.parse()?;
        record.grant.lifetimes = client.lifetimes;
        Ok((record.grant.client_id == client.id).then_some((item, record)))
    }

    fn rotation_writes(
        &self,
        item: &Item,
        record: &Record,
        successor: &Secret,
        now: i64,
    ) -> Result<Vec<Write>, InternalError> {
        let expires_at = item.expires_at.unwrap_or(now);
        let new = Record { grant: record.grant.clone(), replaced_at: None };
        let new = Item::new(self.token_key(successor), &new)?.expires_at(expires_at);
        let replaced = Record {
            grant: record.grant.clone(),
            replaced_at: Some(record.replaced_at.unwrap_or(now)),
        };
        let replaced = Item::new(item.key.clone(), &replaced)?
            .version(item.version + 1)
            .expires_at(expires_at);
        Ok(vec![Write::replace(replaced, item.version), Write::create(new)])
    }

    fn token_key(&self, token: &Secret) -> Key {
        Key::new(&self.tokens, token.hash())
    }

    fn family_key(&self, family: Uuid) -> Key {
        Key::new(&self.families, family.to_string())
    }
}
