//! The newsroom's one door: everything done to news is asked for here, and
//! the policy is asked before the table.

mod auditing;
mod deleting;
mod deleting_all;
mod following;
mod import;
mod log;
mod memory;
mod publishing;
mod reading;
mod revising;
mod saving;
mod trashing;

use std::sync::Arc;

use gazette_table::Table;
use jiff::Timestamp;
use uuid::Uuid;

pub use deleting::Selection;
pub use import::Imported;
pub use publishing::Published;
pub use reading::{Lookup, Unpublished};

use crate::audit::{self, Actor};
use crate::caller::Caller;
use crate::desk::log::AuditLog;
use crate::desk::memory::Memory;
use crate::error::DeskError;
use crate::policy::{AccessError, Action, Policy};
use crate::records::{self, Pointer};
use crate::story::{Story, StoryId};

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
    log: Arc<AuditLog>,
    memory: Arc<Memory>,
    request_id: Option<Arc<str>>,
}

impl NewsDesk {
    /// Opens the desk over a table, with the rules that govern it.
    pub fn new(ports: Ports, policy: Policy) -> Self {
        let memory = Arc::new(Memory::default());
        let log = AuditLog::new(Arc::clone(&ports.table), Arc::clone(&memory));
        Self { ports, policy, log: Arc::new(log), memory, request_id: None }
    }

    /// The same desk, as one request sees it: its changes carry the request's id in the log.
    #[must_use]
    pub fn in_request(&self, id: &str) -> Self {
        Self { request_id: Some(id.into()), ..self.clone() }
    }

    /// The rules.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Lets the caller pass and says who they are to the log.
    fn authorize(&self, caller: &Caller, action: Action) -> Result<Actor, AccessError> {
        self.policy.authorize(caller, action)?;
        Ok(Actor {
            sub: caller.identity().map(|identity| identity.claims().sub.clone()),
            name: audit::name(caller).to_owned(),
            reason: self.policy.decide(caller, action).as_str().to_owned(),
            request_id: self.request_id.as_deref().map(str::to_owned),
        })
    }

    fn now(&self) -> Timestamp {
        (self.ports.clock)()
    }

    async fn stored_story(&self, id: StoryId) -> Result<Option<Story>, DeskError> {
        let item = self.ports.table.get(&records::story_key(id)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    async fn story_of_source(&self, source: &str) -> Result<Option<Story>, DeskError> {
        match self.ports.table.get(&records::source_key(source)).await? {
            Some(item) => self.stored_story(item.parse::<Pointer>()?.story).await,
            None => Ok(None),
        }
    }
}
