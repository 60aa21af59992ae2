//! The newsroom's one door: everything done to news is asked for here, and
//! the policy is asked before the table.

mod publishing;
mod reading;
mod trashing;

use std::sync::Arc;

use gazette_table::{Table, TableError, Write};
use jiff::Timestamp;
use uuid::Uuid;

pub use publishing::Published;
pub use reading::Lookup;
pub use trashing::Selection;

use crate::article::{Article, ArticleId};
use crate::audit::{self, Deed};
use crate::caller::Caller;
use crate::error::DeskError;
use crate::policy::Policy;
use crate::records::{self, Pointer};

/// What the desk needs of the world.
#[derive(Clone)]
pub struct Ports {
    /// Where everything is kept.
    pub table: Arc<dyn Table>,
    /// Tells the time.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Gives a fresh UUIDv7.
    pub new_id: Arc<dyn Fn() -> Uuid + Send + Sync>,
}

/// Reads and changes the news on behalf of a caller.
#[derive(Clone)]
pub struct NewsDesk {
    ports: Ports,
    policy: Policy,
}

impl NewsDesk {
    /// Opens the desk over a table, with the rules that govern it.
    pub fn new(ports: Ports, policy: Policy) -> Self {
        Self { ports, policy }
    }

    /// The rules.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    fn audit(
        &self,
        caller: &Caller,
        now: Timestamp,
        deed: Deed,
        article: &Article,
    ) -> Result<Write, TableError> {
        audit::record(caller, now, (self.ports.new_id)(), deed, article.card.id, article.version)
    }

    async fn article(&self, id: ArticleId) -> Result<Option<Article>, DeskError> {
        let item = self.ports.table.get(&records::article_key(id)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    async fn article_of_source(&self, source: &str) -> Result<Option<Article>, DeskError> {
        match self.ports.table.get(&records::source_key(source)).await? {
            Some(item) => self.article(item.parse::<Pointer>()?.article).await,
            None => Ok(None),
        }
    }
}
