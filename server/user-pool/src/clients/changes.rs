//! Clients that are created, changed and deleted while the pool runs.

use gazette_table::{Item, TableError, Write};

use super::{Clients, MAX_CLIENTS, RegisteredClient};
use crate::client::AppClient;
use crate::error::InternalError;

/// Maximum number of attempts for a change that conflicts with other changes of the client.
const MAX_ATTEMPTS: usize = 8;

/// Error from a change of a client.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// No client has this id.
    #[error("the client does not exist")]
    NotFound,
    /// The client comes from the configuration.
    #[error("the client comes from the configuration of the user pool; change it there")]
    Configured,
    /// A rule for clients is broken.
    #[error("{0}")]
    Invalid(String),
    /// The pool has as many clients as it may have.
    #[error("the user pool already has {MAX_CLIENTS} clients")]
    TooMany,
    /// Every attempt conflicted with another change.
    #[error("the client is being changed by another request; try again")]
    Busy,
    /// The table failed.
    #[error(transparent)]
    Internal(#[from] InternalError),
}

impl From<TableError> for ClientError {
    fn from(error: TableError) -> Self {
        Self::Internal(error.into())
    }
}

impl Clients {
    /// Creates a client.
    pub(crate) async fn create(&self, client: AppClient) -> Result<RegisteredClient, ClientError> {
        client.check().map_err(ClientError::Invalid)?;
        if self.list().await?.len() >= MAX_CLIENTS + self.configured.len() {
            return Err(ClientError::TooMany);
        }
        let now = (self.clock)();
        let registered = RegisteredClient { client, created_at: now, modified_at: now };
        let item = Item::new(self.key(&registered.client.id), &registered)?;
        self.table.write(vec![Write::create(item)]).await?;
        Ok(registered)
    }

    /// Changes a created client.
    pub(crate) async fn update(
        &self,
        id: &str,
        change: impl Fn(&mut AppClient),
    ) -> Result<RegisteredClient, ClientError> {
        for _ in 0..MAX_ATTEMPTS {
            let item = self.created_item(id).await?;
            let mut registered: RegisteredClient = item.parse()?;
            change(&mut registered.client);
            registered.client.check().map_err(ClientError::Invalid)?;
            registered.modified_at = (self.clock)();
            let changed = Item::new(item.key, &registered)?.version(item.version + 1);
            match self.table.write(vec![Write::replace(changed, item.version)]).await {
                Ok(()) => return Ok(registered),
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(ClientError::Busy)
    }

    /// Deletes a created client; its tokens end, because each use needs the client.
    pub(crate) async fn delete(&self, id: &str) -> Result<(), ClientError> {
        let item = self.created_item(id).await?;
        Ok(self.table.write(vec![Write::delete(item.key)]).await?)
    }

    async fn created_item(&self, id: &str) -> Result<Item, ClientError> {
        if self.find_configured(id).is_some() {
            return Err(ClientError::Configured);
        }
        if id.is_empty() || id.len() > 128 {
            return Err(ClientError::NotFound);
        }
        self.table.get(&self.key(id)).await?.ok_or(ClientError::NotFound)
    }
}
