//! Logins in progress: begun, and waiting for the callback from the hosted UI.

use std::sync::Arc;

use gazette_table::{Condition, Item, Key, Table, TableError, Write};
use serde::{Deserialize, Serialize};

use crate::auth::oidc::Provider;
use crate::auth::partitions::LOGIN;
use crate::auth::secret::Secret;

/// Time to return from the hosted UI.
const LIFETIME_SECONDS: i64 = 10 * 60;

/// Data of a login that the callback needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingLogin {
    /// Hash of the secret in the browser that began the login (OAU-03).
    pub browser_hash: String,
    /// Provider that must complete the login (OAU-03).
    pub provider: Provider,
    /// Nonce that the ID token must carry (OIDC-01).
    pub nonce: String,
    /// PKCE code verifier (RFC 7636).
    pub pkce_verifier: String,
    /// Path on this site to redirect to afterwards.
    pub return_to: String,
}

/// Stores logins in progress under the hash of their `state`.
#[derive(Clone)]
pub struct PendingLogins {
    table: Arc<dyn Table>,
}

impl PendingLogins {
    /// Stores logins in `table`.
    pub fn new(table: Arc<dyn Table>) -> Self {
        Self { table }
    }

    /// Stores a login for ten minutes.
    pub async fn insert(
        &self,
        state: &Secret,
        login: &PendingLogin,
        now: i64,
    ) -> Result<(), TableError> {
        let item = Item::new(key(state), login)?.expires_at(now + LIFETIME_SECONDS);
        self.table.write(vec![Write::create(item)]).await
    }

    /// Removes a login and returns it. Of concurrent calls with one state, only one gets it.
    pub async fn take(&self, state: &Secret) -> Result<Option<PendingLogin>, TableError> {
        let Some(item) = self.table.get(&key(state)).await? else { return Ok(None) };
        let delete = Write::Delete { key: key(state), condition: Condition::Version(item.version) };
        match self.table.write(vec![delete]).await {
            // A record that another version of the program wrote may not parse.
            Ok(()) => Ok(item.parse().ok()),
            Err(TableError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn key(state: &Secret) -> Key {
    Key::new(format!("{LOGIN}{}", state.hash()), "current")
}

#[cfg(test)]
mod tests {
    use gazette_table::MemoryTable;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn oau_03_each_of_ten_thousand_logins_taken_twice_concurrently_is_returned_once() {
        let logins = PendingLogins::new(Arc::new(MemoryTable::new(Arc::new(|| 0))));
        let provider = r#"{"issuer":"","client_id":"","redirect_uri":""}"#;
        let login = PendingLogin {
            browser_hash: String::new(),
            provider: serde_json::from_str(provider).expect("a provider"),
            nonce: String::new(),
            pkce_verifier: String::new(),
            return_to: "/".to_owned(),
        };
        for _ in 0..10_000 {
            let state = Secret::generate().expect("randomness");
            logins.insert(&state, &login, 0).await.expect("inserted");
            let takes = [0, 1].map(|_| {
                let (logins, state) = (logins.clone(), state.clone());
                tokio::spawn(async move { logins.take(&state).await.expect("readable").is_some() })
            });
            let [first, second] = takes;
            assert!(first.await.expect("joined") ^ second.await.expect("joined"));
        }
    }
}
