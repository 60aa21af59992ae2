//! The clients of a pool: those of the configuration, and those that were created since.

mod changes;

use std::sync::Arc;

use gazette_table::{Clock, Key, Order, Range, Table};
use serde::{Deserialize, Serialize};

use crate::client::AppClient;
use crate::error::InternalError;
use crate::partitions::{CLIENTS, partition};

pub(crate) use changes::ClientError;

/// Maximum number of created clients; Cognito's quota.
const MAX_CLIENTS: usize = 1_000;

/// The clients of a pool.
pub(crate) struct Clients {
    table: Arc<dyn Table>,
    partition: String,
    clock: Clock,
    configured: Vec<RegisteredClient>,
}

/// A client and when it was created and changed, in Unix seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RegisteredClient {
    pub(crate) client: AppClient,
    pub(crate) created_at: i64,
    pub(crate) modified_at: i64,
}

impl Clients {
    /// Opens the clients of a pool. A configured client comes before a created one of its id.
    pub(crate) fn new(
        pool_id: &str,
        table: Arc<dyn Table>,
        clock: Clock,
        configured: Vec<AppClient>,
    ) -> Self {
        let now = clock();
        let register = |client| RegisteredClient { client, created_at: now, modified_at: now };
        let configured = configured.into_iter().map(register).collect();
        Self { table, partition: partition(pool_id, CLIENTS), clock, configured }
    }

    /// Returns the client with an id.
    pub(crate) async fn find(&self, id: &str) -> Result<Option<AppClient>, InternalError> {
        Ok(self.registered(id).await?.map(|registered| registered.client))
    }

    /// Returns the client with an id, and its dates.
    pub(crate) async fn registered(
        &self,
        id: &str,
    ) -> Result<Option<RegisteredClient>, InternalError> {
        if let Some(registered) = self.find_configured(id) {
            return Ok(Some(registered.clone()));
        }
        if id.is_empty() || id.len() > 128 {
            return Ok(None);
        }
        let item = self.table.get(&self.key(id)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    /// Lists all clients: the configured ones, then the created ones by id.
    pub(crate) async fn list(&self) -> Result<Vec<RegisteredClient>, InternalError> {
        let mut clients = self.configured.clone();
        let (all, limit) = (Range::all(), MAX_CLIENTS);
        let page = self.table.query(&self.partition, &all, Order::Ascending, limit).await?;
        for item in &page.items {
            let created: RegisteredClient = item.parse()?;
            if self.find_configured(&created.client.id).is_none() {
                clients.push(created);
            }
        }
        Ok(clients)
    }

    fn find_configured(&self, id: &str) -> Option<&RegisteredClient> {
        self.configured.iter().find(|registered| registered.client.id == id)
    }

    fn key(&self, id: &str) -> Key {
        Key::new(&self.partition, id)
    }
}
