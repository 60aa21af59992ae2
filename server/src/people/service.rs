//! Entry point. Its methods are in `list`, `person`, `role`, `invite` and `status`.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::auth::Sessions;
use crate::pool_admin::PoolAdmin;

/// People who may sign in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct People(pub(super) Arc<Parts>);

pub(super) struct Parts {
    pub(super) pool: PoolAdmin,
    pub(super) sessions: Sessions,
    /// Held while a change checks that an admin remains.
    pub(super) changes: Mutex<()>,
}

impl People {
    /// Administers the people of a pool and their sessions.
    pub(crate) fn new(pool: PoolAdmin, sessions: Sessions) -> Self {
        Self(Arc::new(Parts { pool, sessions, changes: Mutex::default() }))
    }
}
