//! Resource servers: APIs with scopes of their own, which clients may request.

use std::sync::Arc;

use gazette_table::{Item, Key, Order, Range, Table, TableError, Write};
use serde::{Deserialize, Serialize};

use crate::error::InternalError;
use crate::partitions::{RESOURCE_SERVERS, partition};

/// Maximum number of resource servers; Cognito's quota is 25, and 1,000 on request.
const MAX_SERVERS: usize = 1_000;

/// The resource servers of a pool.
pub(crate) struct ResourceServers {
    table: Arc<dyn Table>,
    partition: String,
}

/// An API and its scopes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ResourceServer {
    pub(crate) identifier: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) scopes: Vec<ResourceScope>,
}

/// A scope of a resource server.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ResourceScope {
    pub(crate) scope_name: String,
    pub(crate) scope_description: String,
}

impl ResourceServers {
    pub(crate) fn new(pool_id: &str, table: Arc<dyn Table>) -> Self {
        Self { table, partition: partition(pool_id, RESOURCE_SERVERS) }
    }

    /// Returns the resource server with an identifier.
    pub(crate) async fn find(&self, id: &str) -> Result<Option<ResourceServer>, InternalError> {
        if id.is_empty() || id.len() > 256 {
            return Ok(None);
        }
        let item = self.table.get(&self.key(id)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    /// Checks whether a resource server has a scope, given as `identifier/name`.
    pub(crate) async fn has_scope(&self, scope: &str) -> Result<bool, InternalError> {
        let Some((id, name)) = scope.rsplit_once('/') else { return Ok(false) };
        let server = self.find(id).await?;
        Ok(server.is_some_and(|server| server.scopes.iter().any(|it| it.scope_name == name)))
    }

    /// Lists the resource servers by identifier.
    pub(crate) async fn list(&self) -> Result<Vec<ResourceServer>, InternalError> {
        let (all, order) = (Range::all(), Order::Ascending);
        let page = self.table.query(&self.partition, &all, order, MAX_SERVERS).await?;
        Ok(page.items.iter().map(Item::parse).collect::<Result<_, _>>()?)
    }

    /// Creates a resource server; `false` if the identifier is taken or there are too many.
    pub(crate) async fn create(&self, server: &ResourceServer) -> Result<bool, InternalError> {
        if self.list().await?.len() >= MAX_SERVERS {
            return Ok(false);
        }
        let item = Item::new(self.key(&server.identifier), server)?;
        match self.table.write(vec![Write::create(item)]).await {
            Ok(()) => Ok(true),
            Err(TableError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Replaces a resource server; `false` if it does not exist.
    pub(crate) async fn replace(&self, server: &ResourceServer) -> Result<bool, InternalError> {
        loop {
            let Some(item) = self.table.get(&self.key(&server.identifier)).await? else {
                return Ok(false);
            };
            let new = Item::new(item.key, server)?.version(item.version + 1);
            match self.table.write(vec![Write::replace(new, item.version)]).await {
                Ok(()) => return Ok(true),
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Deletes a resource server.
    pub(crate) async fn delete(&self, id: &str) -> Result<(), InternalError> {
        Ok(self.table.write(vec![Write::delete(self.key(id))]).await?)
    }

    fn key(&self, id: &str) -> Key {
        Key::new(&self.partition, id)
    }
}
