//! Entry point to the sessions. Its methods are in `begin`, `verify`, `end` and `list`.

use std::sync::Arc;

use gazette_table::Table;
use tower_sessions::Session;

use crate::auth::oidc::OidcClient;
use crate::auth::sealing::SealingKeys;
use crate::auth::session::backend::SessionBackend;
use crate::auth::session::error::SessionError;
use crate::auth::session::hash::SessionHash;
use crate::auth::session::renewal::Renewer;
use crate::auth::session::store::TableSessionStore;
use crate::clock::Clock;
use crate::config::SessionConfig;
use crate::metrics::Metrics;

/// All sessions. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sessions {
    pub(super) backend: Arc<SessionBackend>,
    pub(super) renewer: Arc<Renewer>,
}

impl Sessions {
    /// Stores sessions in `table` and renews them at the pool of `oidc`.
    pub(crate) fn new(
        table: Arc<dyn Table>,
        clock: Clock,
        config: SessionConfig,
        oidc: Arc<OidcClient>,
        keys: SealingKeys,
        metrics: Arc<Metrics>,
    ) -> Self {
        let store = TableSessionStore::new(Arc::clone(&table), clock.seconds(), config.clone());
        let backend = Arc::new(SessionBackend { table, store, oidc, keys, config, clock, metrics });
        let renewer = Arc::new(Renewer::new(Arc::clone(&backend)));
        Self { backend, renewer }
    }

    /// Returns the store for the session layer.
    pub(crate) fn store(&self) -> TableSessionStore {
        self.backend.store.clone()
    }

    /// Returns the time without a request after which a session ends, in seconds.
    pub(crate) fn idle_seconds(&self) -> i64 {
        self.backend.config.idle_seconds
    }

    /// Returns the absolute limit of a session, in seconds.
    pub(crate) fn max_lifetime_seconds(&self) -> i64 {
        self.backend.config.absolute_seconds
    }

    /// Returns the hash of the id that a request sent.
    pub(crate) fn hash_of(session: &Session) -> Option<SessionHash> {
        session.id().as_ref().map(SessionHash::of)
    }

    /// Returns the subject of the user that a session belongs or belonged to, while a browser may
    /// still send its cookie.
    pub(crate) async fn owner_of(
        &self,
        session: &SessionHash,
    ) -> Result<Option<String>, SessionError> {
        Ok(self.backend.owner_of(session).await?)
    }

    pub(super) fn now(&self) -> i64 {
        self.backend.now()
    }
}
