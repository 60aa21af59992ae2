//! Refresh tokens: opaque, for thirty days, bound to a client and a user.

use std::sync::Arc;

use gazette_table::{Item, Key, Table, Write};

use crate::Failure;
use crate::grant::Grant;
use crate::secret::Secret;

/// The refresh tokens of a pool.
pub(crate) struct RefreshTokens {
    table: Arc<dyn Table>,
    partition: String,
}

impl RefreshTokens {
    /// In seconds from the sign-in; a refresh does not lengthen it.
    pub(crate) const LIFETIME: i64 = 30 * 24 * 60 * 60;

    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, partition: format!("pool#{pool_id}#refresh") }
    }

    /// Makes a token for a grant.
    pub(crate) async fn issue(&self, grant: &Grant, now: i64) -> Result<Secret, Failure> {
        let token = Secret::random()?;
        self.table.write(vec![self.to_issue(&token, grant, now)?]).await?;
        Ok(token)
    }

    /// The write that makes a token, for a batch of more.
    pub(crate) fn to_issue(
        &self,
        token: &Secret,
        grant: &Grant,
        now: i64,
    ) -> Result<Write, Failure> {
        let item = Item::new(self.key(&token.hash()), grant)?
            .expires_at(now.saturating_add(Self::LIFETIME));
        Ok(Write::create(item))
    }

    /// What a token stands for; `None` for another client's, as for an unknown one.
    pub(crate) async fn find(
        &self,
        token: &str,
        client_id: &str,
    ) -> Result<Option<Grant>, Failure> {
        let Some(token) = Secret::parse(token) else { return Ok(None) };
        let Some(item) = self.table.get(&self.key(&token.hash())).await? else { return Ok(None) };
        let grant: Grant = item.parse()?;
        Ok(Some(grant).filter(|grant| grant.client_id == client_id))
    }

    /// Ends the token that is kept under this hash.
    pub(crate) async fn revoke(&self, hash: &str) -> Result<(), Failure> {
        Ok(self.table.write(vec![Write::delete(self.key(hash))]).await?)
    }

    fn key(&self, hash: &str) -> Key {
        Key::new(&self.partition, hash)
    }
}
