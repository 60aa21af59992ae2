//! Logins between the way out to the hosted UI and the way back.

use std::sync::Arc;

use gazette_table::{Condition, Item, Key, Table, TableError, Write};
use serde::{Deserialize, Serialize};

use crate::auth::oidc::Provider;
use crate::auth::secret::Secret;

/// Seconds within which a person must come back from the hosted UI.
const LIFETIME_SECONDS: i64 = 10 * 60;

/// What must be remembered until the browser comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingLogin {
    /// The hash of the secret in the browser that began the login (OAU-03).
    pub browser_hash: String,
    /// With whom it was begun, and no other may finish it (OAU-03).
    pub provider: Provider,
    /// What the ID token must carry (OIDC-01).
    pub nonce: String,
    /// The secret behind the code challenge (RFC 7636).
    pub pkce_verifier: String,
    /// Where to go afterwards: a path on this site.
    pub return_to: String,
}

/// The logins that are under way, each under its `state`.
#[derive(Clone)]
pub struct PendingLogins {
    table: Arc<dyn Table>,
}

impl PendingLogins {
    /// Keeps them in a table.
    pub fn new(table: Arc<dyn Table>) -> Self {
        Self { table }
    }

    /// Remembers a login under its state for ten minutes from `now` on.
    pub async fn begin(
        &self,
        state: &Secret,
        login: &PendingLogin,
        now: i64,
    ) -> Result<(), TableError> {
        let item = Item::new(key(state), login)?.expires_at(now + LIFETIME_SECONDS);
        self.table.write(vec![Write::create(item)]).await
    }

    /// Takes a login out, so that it can be finished once and never again.
    pub async fn take(&self, state: &Secret) -> Result<Option<PendingLogin>, TableError> {
        let Some(item) = self.table.get(&key(state)).await? else { return Ok(None) };
        let delete = Write::Delete { key: key(state), condition: Condition::Version(item.version) };
        match self.table.write(vec![delete]).await {
            // One that another version began cannot be finished.
            Ok(()) => Ok(item.parse().ok()),
            // Another request with the same state was faster.
            Err(TableError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn key(state: &Secret) -> Key {
    Key::new(format!("login#{}", state.hash()), "current")
}

#[cfg(test)]
mod tests {
    use gazette_table::MemoryTable;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn oau_03_of_ten_thousand_logins_taken_twice_at_once_each_is_finished_once() {
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
            let state = Secret::draw().expect("randomness");
            logins.begin(&state, &login, 0).await.expect("begun");
            let takes = [0, 1].map(|_| {
                let (logins, state) = (logins.clone(), state.clone());
                tokio::spawn(async move { logins.take(&state).await.expect("readable").is_some() })
            });
            let [first, second] = takes;
            assert!(first.await.expect("ended") ^ second.await.expect("ended"));
        }
    }
}
