//! Authorization codes: one use, one minute, bound to all they were asked with.

use std::sync::Arc;

use gazette_table::{Condition, Item, Key, Table, TableError, Write};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Failure;
use crate::grant::{Grant, RefreshTokens};
use crate::secret::{Secret, same, sha256};

/// The authorization codes of a pool.
pub(crate) struct Codes {
    table: Arc<dyn Table>,
    partition: String,
}

/// What a code was given out for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingCode {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) nonce: Option<String>,
}

/// What a client shows to redeem a code.
pub(crate) struct Redemption<'a> {
    pub(crate) code: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: &'a str,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Record {
    Pending(PendingCode),
    /// Kept as long as the tokens it bought, to revoke them on a second use.
    Spent {
        family: Uuid,
    },
}

impl Codes {
    /// In seconds; shorter than Cognito's five minutes (POOL-03).
    pub(crate) const LIFETIME: i64 = 60;

    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, partition: format!("pool#{pool_id}#codes") }
    }

    pub(crate) async fn issue(&self, pending: PendingCode, now: i64) -> Result<Secret, Failure> {
        let code = Secret::random()?;
        let item = Item::new(self.key(&code), &Record::Pending(pending))?
            .expires_at(now.saturating_add(Self::LIFETIME));
        self.table.write(vec![Write::create(item)]).await?;
        Ok(code)
    }

    /// Turns a code into a grant and its refresh token, for exactly one caller.
    ///
    /// `None` when the code is unknown, expired or spent, or does not belong to
    /// what is shown with it. A code shown with something wrong is gone, and a
    /// second use revokes what the first one bought (RFC 6749 §4.1.2).
    pub(crate) async fn redeem(
        &self,
        shown: &Redemption<'_>,
        refresh_tokens: &RefreshTokens,
        now: i64,
    ) -> Result<Option<(PendingCode, Secret)>, Failure> {
        let Some(code) = Secret::parse(shown.code) else { return Ok(None) };
        let key = self.key(&code);
        // Whoever loses the race for the first use reads again and is the second use.
        while let Some(item) = self.table.get(&key).await? {
            let pending = match item.parse()? {
                Record::Pending(pending) => pending,
                Record::Spent { family } => {
                    refresh_tokens.revoke(family).await?;
                    return Ok(None);
                }
            };
            let token = shown.fits(&pending).then(Secret::random).transpose()?;
            let batch = match &token {
                Some(token) => {
                    let mut batch = vec![to_spend(&item, &pending.grant, now)?];
                    batch.extend(refresh_tokens.to_issue(token, &pending.grant, now)?);
                    batch
                }
                None => vec![to_burn(&item)],
            };
            match self.table.write(batch).await {
                Ok(()) => return Ok(token.map(|token| (pending, token))),
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

fn to_spend(item: &Item, grant: &Grant, now: i64) -> Result<Write, Failure> {
    let spent = Record::Spent { family: grant.origin_jti };
    let spent = Item::new(item.key.clone(), &spent)?
        .version(item.version + 1)
        .expires_at(now.saturating_add(RefreshTokens::LIFETIME));
    Ok(Write::replace(spent, item.version))
}

fn to_burn(item: &Item) -> Write {
    Write::Delete { key: item.key.clone(), condition: Condition::Version(item.version) }
}

impl Redemption<'_> {
    fn fits(&self, pending: &PendingCode) -> bool {
        pending.grant.client_id == self.client_id
            && pending.redirect_uri == self.redirect_uri
            && is_verifier(self.verifier)
            && same(&pending.challenge, &sha256(self.verifier))
    }
}

/// Source: RFC 7636 §4.1.
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}
