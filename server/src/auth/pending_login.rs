//! Logins in progress: begun, and waiting for the callback from the hosted UI.
//!
//! Each one is sealed in a cookie of its browser, so that beginning a login writes nothing to the
//! table. Only a completed login leaves a record, under the hash of its `state`.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gazette_domain::StoryId;
use gazette_table::{Item, Key, Table, TableError};
use serde::{Deserialize, Serialize};

use crate::auth::oidc::Provider;
use crate::auth::partitions::LOGIN;
use crate::auth::sealing::SealingKeys;
use crate::auth::secret::Secret;

/// Data of a login that the callback needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingLogin {
    /// Provider that must complete the login (OAU-03).
    pub(crate) provider: Provider,
    /// Nonce that the ID token must carry (OIDC-01).
    pub(crate) nonce: String,
    /// PKCE code verifier (RFC 7636).
    pub(crate) pkce_verifier: String,
    /// Path on this site to redirect to afterwards.
    pub(crate) return_to: String,
    /// Story to save for the person who signs in.
    #[serde(default)]
    pub(crate) save: Option<StoryId>,
}

/// Seals logins, and ensures that each one is completed at most once.
pub(crate) struct PendingLogins {
    keys: SealingKeys,
    table: Arc<dyn Table>,
    /// Hashes of the states whose callbacks this process is handling.
    in_progress: Mutex<HashSet<String>>,
}

/// Login whose callback is being handled. No other request of this process can claim it.
pub(crate) struct ClaimedLogin<'l> {
    /// Data of the login.
    pub(crate) login: PendingLogin,
    /// Record that the login was completed. It must be created together with the session.
    pub(crate) completion: Item,
    _claim: Claim<'l>,
}

impl PendingLogins {
    /// Time to return from the hosted UI, in seconds.
    pub(crate) const LIFETIME_SECONDS: i64 = 10 * 60;
    /// Time after it for which the path to return to is known, in seconds: a page of the hosted UI
    /// may have been left open, and the next login leads to the same page.
    pub(crate) const RETURN_SECONDS: i64 = 12 * 60 * 60;

    /// Seals logins with `keys` and records completed ones in `table`.
    pub(crate) fn new(keys: SealingKeys, table: Arc<dyn Table>) -> Self {
        Self { keys, table, in_progress: Mutex::default() }
    }

    /// Seals a login for ten minutes and returns the value of its cookie; `None` if the system has
    /// no randomness.
    pub(crate) fn seal(&self, state: &Secret, login: &PendingLogin, now: i64) -> Option<String> {
        let expires_at = now + Self::LIFETIME_SECONDS;
        let text = serde_json::to_string(login).ok()?;
        let sealed = self.keys.seal(&text, &context(state, expires_at)).ok()?;
        Some(format!("{expires_at}.{sealed}"))
    }

    /// Seals only the path to return to, in place of a login that has had its attempt.
    pub(crate) fn seal_return(&self, state: &Secret, return_to: &str, now: i64) -> Option<String> {
        let sealed = self.keys.seal(return_to, &return_context(state, now)).ok()?;
        Some(format!("{now}.{sealed}"))
    }

    /// Returns the path to return to of a login that may have expired or have had its attempt.
    pub(crate) fn return_to(&self, state: &Secret, cookie: &str, now: i64) -> Option<String> {
        let (expires_at, sealed) = parse(cookie)?;
        if now >= expires_at.saturating_add(Self::RETURN_SECONDS) {
            return None;
        }
        let login = self.open(state, expires_at, sealed).map(|login| login.return_to);
        login.or_else(|| self.keys.open(sealed, &return_context(state, expires_at)))
    }

    /// Returns the time at which the login in a cookie expires. Only [`PendingLogins::claim`]
    /// checks that the value is genuine.
    pub(crate) fn expires_at(cookie: &str) -> Option<i64> {
        Some(parse(cookie)?.0)
    }

    /// Opens a login to complete it.
    ///
    /// `None` if the value was not sealed for this state, or if the login has expired, was
    /// completed, or is being completed.
    pub(crate) async fn claim(
        &self,
        state: &Secret,
        cookie: &str,
        now: i64,
    ) -> Result<Option<ClaimedLogin<'_>>, TableError> {
        let Some((expires_at, sealed)) = parse(cookie) else { return Ok(None) };
        if now >= expires_at {
            return Ok(None);
        }
        let Some(login) = self.open(state, expires_at, sealed) else { return Ok(None) };
        let Some(claim) = Claim::of(&self.in_progress, state.hash()) else { return Ok(None) };
        let key = Key::new(format!("{LOGIN}{}", state.hash()), "current");
        if self.table.get(&key).await?.is_some() {
            return Ok(None);
        }
        let completion = Item::new(key, &())?.expires_at(expires_at);
        Ok(Some(ClaimedLogin { login, completion, _claim: claim }))
    }

    fn open(&self, state: &Secret, expires_at: i64, sealed: &str) -> Option<PendingLogin> {
        let text = self.keys.open(sealed, &context(state, expires_at))?;
        // A login that another version of the program sealed may not parse.
        serde_json::from_str(&text).ok()
    }
}

/// Splits the value of a cookie in the time at which the login expires, and the sealed text.
fn parse(cookie: &str) -> Option<(i64, &str)> {
    let (expires_at, sealed) = cookie.split_once('.')?;
    Some((expires_at.parse().ok()?, sealed))
}

/// Returns the context that a login is sealed for.
fn context(state: &Secret, expires_at: i64) -> String {
    format!("{expires_at} {}", state.hash())
}

/// Returns the context of a path to return to. It differs from a login's, so that none can be
/// taken for one.
fn return_context(state: &Secret, since: i64) -> String {
    format!("return {}", context(state, since))
}

/// Entry in the set of logins in progress, removed when it is dropped.
struct Claim<'l> {
    in_progress: &'l Mutex<HashSet<String>>,
    state_hash: String,
}

impl<'l> Claim<'l> {
    fn of(in_progress: &'l Mutex<HashSet<String>>, state_hash: String) -> Option<Self> {
        let is_new = lock(in_progress).insert(state_hash.clone());
        is_new.then_some(Self { in_progress, state_hash })
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        lock(self.in_progress).remove(&self.state_hash);
    }
}

fn lock(in_progress: &Mutex<HashSet<String>>) -> MutexGuard<'_, HashSet<String>> {
    // The set remains valid if another thread panicked.
    in_progress.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use gazette_table::{MemoryTable, Write};

    use super::*;

    fn logins(table: &Arc<MemoryTable>) -> PendingLogins {
        let key = [7; 32];
        let keys = SealingKeys::new([key.as_slice()].into_iter()).expect("keys");
        PendingLogins::new(keys, Arc::clone(table) as Arc<dyn Table>)
    }

    fn table() -> Arc<MemoryTable> {
        Arc::new(MemoryTable::new(Arc::new(|| 0)))
    }

    fn login() -> PendingLogin {
        PendingLogin {
            provider: serde_json::from_str(r#""x""#).expect("a provider"),
            nonce: "nonce".to_owned(),
            pkce_verifier: "verifier".to_owned(),
            return_to: "/".to_owned(),
            save: None,
        }
    }

    fn state() -> Secret {
        Secret::generate().expect("randomness")
    }

    #[tokio::test]
    async fn oau_03_a_sealed_login_opens_for_its_own_state_until_it_expires() {
        let (table, state) = (table(), state());
        let logins = logins(&table);
        let cookie = logins.seal(&state, &login(), 1_000).expect("sealed");
        assert!(!cookie.contains("verifier") && !cookie.contains("nonce"));
        assert_eq!(PendingLogins::expires_at(&cookie), Some(1_600));
        let other = self::state();
        let later = cookie.replacen("1600", "9600", 1);
        let claims = |state: Secret, cookie: String, now: i64| {
            let logins = &logins;
            async move {
                let claimed = logins.claim(&state, &cookie, now).await.expect("readable");
                claimed.map(|claimed| claimed.login)
            }
        };
        assert_eq!(claims(state.clone(), cookie.clone(), 1_599).await, Some(login()));
        assert_eq!(claims(state.clone(), cookie.clone(), 1_600).await, None);
        assert_eq!(claims(state.clone(), later, 1_700).await, None, "the expiry is sealed too");
        assert_eq!(claims(other, cookie.clone(), 1_000).await, None);
        for broken in ["", ".", "1600.", "1600", "x.y", &cookie[1..], &format!("{cookie}A")] {
            assert_eq!(claims(state.clone(), broken.to_owned(), 1_000).await, None, "{broken}");
        }
    }

    #[tokio::test]
    async fn oau_03_the_path_to_return_to_outlives_the_login_but_completes_none() {
        let (table, state) = (table(), state());
        let logins = logins(&table);
        let login = PendingLogin { return_to: "/desk".to_owned(), ..login() };
        let pending = logins.seal(&state, &login, 1_000).expect("sealed");
        let spent = logins.seal_return(&state, "/desk", 1_000).expect("sealed");
        let last = 1_000 + PendingLogins::RETURN_SECONDS - 1;
        for (cookie, begun) in [(&pending, 1_000), (&pending, last + 600), (&spent, last)] {
            assert_eq!(logins.return_to(&state, cookie, begun).as_deref(), Some("/desk"));
        }
        assert_eq!(logins.return_to(&state, &spent, last + 1), None);
        assert_eq!(logins.return_to(&state, &pending, last + 601), None);
        for now in [0, 999, 1_000] {
            assert!(logins.claim(&state, &spent, now).await.expect("readable").is_none());
        }
        let later = spent.replacen("1000", "9000", 1);
        for (state, cookie) in [(&state, later.as_str()), (&self::state(), &spent), (&state, "x")] {
            assert_eq!(logins.return_to(state, cookie, 1_000), None, "{cookie}");
        }
    }

    #[tokio::test]
    async fn oau_03_a_login_is_claimed_by_one_callback_at_a_time_and_completed_once() {
        let (table, state) = (table(), state());
        let (logins, elsewhere) = (logins(&table), logins(&table));
        let cookie = logins.seal(&state, &login(), 0).expect("sealed");
        let first = logins.claim(&state, &cookie, 0).await.expect("readable").expect("claimed");
        assert!(logins.claim(&state, &cookie, 0).await.expect("readable").is_none());
        let second = elsewhere.claim(&state, &cookie, 0).await.expect("readable");
        let second = second.expect("another process does not know of the claim");
        table.write(vec![Write::create(first.completion.clone())]).await.expect("written");
        drop(first);
        assert!(logins.claim(&state, &cookie, 0).await.expect("readable").is_none());
        let conflict = table.write(vec![Write::create(second.completion.clone())]).await;
        assert!(matches!(conflict, Err(TableError::Conflict { .. })));
    }
}
