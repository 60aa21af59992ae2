//! Authorization codes: single use, valid for five minutes, bound to their request.

use std::sync::Arc;

use gazette_table::{Condition, Item, Key, Table, TableError, Write};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::grant::Grant;
use super::refresh_tokens::RefreshTokens;
use crate::client::AppClient;
use crate::error::InternalError;
use crate::partitions::{CODES, partition};
use crate::secret::{Secret, has_pkce_form, is_same, sha256};

/// The authorization codes of a pool.
pub(crate) struct Codes {
    table: Arc<dyn Table>,
    partition: String,
}

/// The request that a code was issued for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingCode {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    /// PKCE challenge, if the request had one.
    pub(crate) challenge: Option<String>,
    pub(crate) nonce: Option<String>,
}

/// Parameters that a client presents to redeem a code.
pub(crate) struct CodeRedemption<'a> {
    pub(crate) code: &'a str,
    pub(crate) client: &'a AppClient,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Record {
    Pending(Box<PendingCode>),
    /// A redeemed code, stored as long as its tokens live, to revoke them on a second use.
    // The stored name is older than the name of the variant.
    #[serde(rename = "spent")]
    Redeemed {
        family: Uuid,
    },
}

impl Codes {
    /// In seconds, as in Cognito.
    pub(crate) const LIFETIME: i64 = 5 * 60;

    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, partition: partition(pool_id, CODES) }
    }

    pub(crate) async fn issue(
        &self,
        pending: PendingCode,
        now: i64,
    ) -> Result<Secret, InternalError> {
        let code = Secret::random()?;
        let item = Item::new(self.key(&code), &Record::Pending(Box::new(pending)))?
            .expires_at(now.saturating_add(Self::LIFETIME));
        self.table.write(vec![Write::create(item)]).await?;
        Ok(code)
    }

    /// Redeems a code for its grant and a refresh token; exactly one caller succeeds.
    ///
    /// `None` when the code is unknown, expired or redeemed, or does not match the other
    /// parameters. A mismatch deletes the code, and a second use revokes the tokens of the
    /// first one (RFC 6749 §4.1.2).
    pub(crate) async fn redeem(
        &self,
        redemption: &CodeRedemption<'_>,
        refresh_tokens: &RefreshTokens,
        now: i64,
    ) -> Result<Option<(PendingCode, Secret)>, InternalError> {
        let Some(code) = Secret::parse(redemption.code) else { return Ok(None) };
        let key = self.key(&code);
        // A caller that loses the race reads again, and then counts as the second use.
        while let Some(item) = self.table.get(&key).await? {
            let pending = match item.parse()? {
                Record::Pending(mut pending) => {
                    pending.grant.lifetimes = redemption.client.lifetimes;
                    pending
                }
                Record::Redeemed { family } => {
                    refresh_tokens.revoke(family).await?;
                    return Ok(None);
                }
            };
            let token = redemption.matches(&pending).then(Secret::random).transpose()?;
            let batch = match &token {
                Some(token) => {
                    let mut batch = vec![redeemed_write(&item, &pending.grant, now)?];
                    batch.extend(refresh_tokens.issue_writes(token, &pending.grant, now)?);
                    batch
                }
                None => vec![delete_write(&item)],
            };
            match self.table.write(batch).await {
                Ok(()) => return Ok(token.map(|token| (*pending, token))),
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    fn key(&self, code: &Secret) -> Key {
        Key::new(&self.partition, code.hash())
    }
}

impl CodeRedemption<'_> {
    fn matches(&self, pending: &PendingCode) -> bool {
        pending.grant.client_id == self.client.id
            && pending.redirect_uri == self.redirect_uri
            && self.proves(pending.challenge.as_deref())
    }

    /// Checks the PKCE verifier. One without a challenge is refused: an attacker may have removed the
    /// challenge from the request (RFC 9700 §4.8.2).
    fn proves(&self, challenge: Option<&str>) -> bool {
        match (challenge, self.verifier) {
            (Some(challenge), Some(verifier)) => {
                has_pkce_form(verifier) && is_same(challenge, &sha256(verifier))
            }
            (None, None) => !self.client.requires_pkce,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

fn redeemed_write(item: &Item, grant: &Grant, now: i64) -> Result<Write, InternalError> {
    let redeemed = Record::Redeemed { family: grant.origin_jti };
    let redeemed = Item::new(item.key.clone(), &redeemed)?
        .version(item.version + 1)
        .expires_at(now.saturating_add(grant.lifetimes.refresh_token.seconds()));
    Ok(Write::replace(redeemed, item.version))
}

fn delete_write(item: &Item) -> Write {
    Write::Delete { key: item.key.clone(), condition: Condition::Version(item.version) }
}
