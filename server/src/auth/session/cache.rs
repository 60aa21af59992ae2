//! Cache of sessions, so that most signed-in requests do not read the table.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gazette_table::Item;

use crate::auth::session::hash::SessionHash;

/// Time that a session ended by another process may still be accepted here.
const LIFETIME_SECONDS: i64 = 2;
const MAX_SESSIONS: usize = 10_000;

/// Caches each session for two seconds.
///
/// A session that this process changes leaves the cache at once, and a read that began before the
/// change does not put it back.
#[derive(Default)]
pub(super) struct SessionCache(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    sessions: HashMap<SessionHash, (Item, i64)>,
    /// Number of evictions. A read that began before the latest one may be outdated.
    evictions: u64,
}

/// Start of a table read, to detect evictions since.
#[derive(Clone, Copy)]
pub(super) struct ReadStart(u64);

impl SessionCache {
    /// Marks the start of a table read.
    pub(super) fn start_read(&self) -> ReadStart {
        ReadStart(self.entries().evictions)
    }

    /// Returns a session that was read at most two seconds ago.
    pub(super) fn get(&self, session: &SessionHash, now: i64) -> Option<Item> {
        let entries = self.entries();
        let (item, read_at) = entries.sessions.get(session)?;
        let lifetime = *read_at..read_at + LIFETIME_SECONDS;
        let is_valid = lifetime.contains(&now) && !item.is_expired(now);
        is_valid.then(|| item.clone())
    }

    /// Stores the result of a read, unless a session was evicted since the read started.
    pub(super) fn put(&self, start: ReadStart, session: &SessionHash, item: &Item, now: i64) {
        let mut entries = self.entries();
        if entries.evictions != start.0 {
            return;
        }
        if entries.sessions.len() >= MAX_SESSIONS {
            entries.sessions.retain(|_, (_, read_at)| now < *read_at + LIFETIME_SECONDS);
        }
        if entries.sessions.len() < MAX_SESSIONS {
            entries.sessions.insert(session.clone(), (item.clone(), now));
        }
    }

    /// Evicts a session that was changed or ended here.
    pub(super) fn evict(&self, session: &SessionHash) {
        let mut entries = self.entries();
        entries.evictions += 1;
        entries.sessions.remove(session);
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        // Each change is one call on the map, so a poisoned lock still guards a whole map.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tower_sessions::session::Id;

    use super::*;
    use crate::auth::session::record::current_key;

    fn session(expires_at: i64) -> (SessionHash, Item) {
        let session = SessionHash::of(&Id::default());
        let item = Item::new(current_key(&session), &1).expect("an item");
        (session, item.expires_at(expires_at))
    }

    #[test]
    fn ses_03_a_read_that_began_before_an_eviction_is_not_cached() {
        let cache = SessionCache::default();
        let (session, item) = session(101);
        let start = cache.start_read();
        cache.evict(&session);
        cache.put(start, &session, &item, 99);
        assert!(cache.get(&session, 99).is_none());
        cache.put(cache.start_read(), &session, &item, 99);
        assert!(cache.get(&session, 99).is_some() && cache.get(&session, 100).is_some());
        assert!(cache.get(&session, 101).is_none() && cache.get(&session, 98).is_none());
        cache.put(cache.start_read(), &session, &item, 100);
        assert!(cache.get(&session, 101).is_none(), "the session has expired");
    }

    #[test]
    fn f_32_the_cache_has_a_maximum_size() {
        let cache = SessionCache::default();
        for _ in 0..=MAX_SESSIONS {
            let (session, item) = session(i64::MAX);
            cache.put(cache.start_read(), &session, &item, 0);
        }
        assert!(cache.entries().sessions.len() <= MAX_SESSIONS);
        let (session, item) = session(i64::MAX);
        cache.put(cache.start_read(), &session, &item, LIFETIME_SECONDS);
        assert!(cache.get(&session, LIFETIME_SECONDS).is_some(), "old entries are evicted");
    }
}
