//! The user pool in the report.

use std::collections::BTreeMap;

use serde::Serialize;

use super::line::line;
use crate::config::{ActivePool, Config};

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Pool {
    Embedded {
        address: String,
        users: Vec<String>,
        clients: Vec<String>,
        clock: &'static str,
        faults: &'static str,
    },
    Cognito {
        issuer: String,
        client_id: String,
        domain: Option<String>,
        keys: Option<String>,
    },
}

impl Pool {
    pub(super) fn of(config: &Config) -> Self {
        match config.pool.active() {
            ActivePool::Embedded(pool) => Self::Embedded {
                address: pool.addr.to_string(),
                users: pool.users.iter().map(|user| user.name.clone()).collect(),
                clients: pool.clients.iter().map(|client| client.id.clone()).collect(),
                clock: if pool.has_movable_clock() { "movable" } else { "fixed" },
                faults: if pool.has_faults() { "switchable" } else { "none" },
            },
            ActivePool::Cognito(cognito) => Self::Cognito {
                issuer: cognito.issuer().to_owned(),
                client_id: cognito.client_id().to_owned(),
                domain: cognito.domain.clone(),
                keys: cognito.keys.as_ref().map(ToString::to_string),
            },
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        match self {
            Self::Embedded { address, users, clients, clock, faults } => vec![
                line("pool", format_args!("embedded, on {address}")),
                line("pool users", users.join(", ")),
                line("pool clients", clients.join(", ")),
                line("pool clock", clock),
                line("pool faults", faults),
            ],
            Self::Cognito { issuer, client_id, domain, keys } => vec![
                line("pool", format_args!("cognito, {issuer}")),
                line("client id", client_id),
                line("hosted UI", domain.as_deref().unwrap_or("from the discovery document")),
                line("keys", keys.as_deref().unwrap_or("from the issuer")),
            ],
        }
    }
}

pub(super) fn has_client_secret(config: &Config) -> bool {
    match config.pool.active() {
        ActivePool::Embedded(_) => false,
        ActivePool::Cognito(cognito) => cognito.client_secret.is_some(),
    }
}

/// Returns the secrets that are in use, of pools those of this one, and whether each is set.
pub(super) fn secrets(config: &Config) -> BTreeMap<&'static str, bool> {
    let mut secrets = BTreeMap::from([
        ("GAZETTE_API_KEYS", !config.api_keys.keys.is_empty()),
        ("GAZETTE_SESSION_KEY", !config.session.keys.is_empty()),
    ]);
    match config.pool.active() {
        ActivePool::Embedded(pool) => {
            secrets.insert("GAZETTE_POOL_ADMIN_KEY", pool.admin_key.is_some());
            secrets.insert("GAZETTE_POOL_CLIENT", !pool.clients.is_empty());
            secrets.insert("GAZETTE_POOL_USER", !pool.users.is_empty());
        }
        ActivePool::Cognito(cognito) => {
            secrets.insert("COGNITO_CLIENT_SECRET", cognito.client_secret.is_some());
        }
    }
    secrets
}
