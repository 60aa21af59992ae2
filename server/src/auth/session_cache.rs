//! Sessions read a moment ago, so that most signed-in requests ask the table for nothing.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gazette_table::Item;

use crate::auth::session_records::SessionName;

/// How long a session that another process has ended may still be believed here.
const SECONDS: i64 = 2;
/// How many sessions are remembered.
const MOST: usize = 10_000;

/// A memory of sessions, each for at most two seconds.
///
/// What is ended here is forgotten here at once, and so is what was being read meanwhile.
#[derive(Default)]
pub(super) struct SessionCache(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    sessions: HashMap<SessionName, (Item, i64)>,
    /// Counts what was forgotten, since a read that began before may be older than that.
    forgotten: u64,
}

/// When a read began, in terms of what was forgotten.
#[derive(Clone, Copy)]
pub(super) struct Began(u64);

impl SessionCache {
    /// To be asked for before the table is read.
    pub(super) fn begin(&self) -> Began {
        Began(self.memory().forgotten)
    }

    /// The session as it was at most two seconds ago.
    pub(super) fn get(&self, name: &SessionName, now: i64) -> Option<Item> {
        let memory = self.memory();
        let (item, read_at) = memory.sessions.get(name)?;
        let fresh = (*read_at..read_at + SECONDS).contains(&now) && !item.is_expired(now);
        fresh.then(|| item.clone())
    }

    /// Remembers what was read, unless something was forgotten since the read began.
    pub(super) fn put(&self, began: Began, name: &SessionName, item: &Item, now: i64) {
        let mut memory = self.memory();
        if memory.forgotten != began.0 {
            return;
        }
        if memory.sessions.len() >= MOST {
            memory.sessions.retain(|_, (_, read_at)| now < *read_at + SECONDS);
        }
        if memory.sessions.len() < MOST {
            memory.sessions.insert(name.clone(), (item.clone(), now));
        }
    }

    /// Forgets a session that was changed or ended here.
    pub(super) fn forget(&self, name: &SessionName) {
        let mut memory = self.memory();
        memory.forgotten += 1;
        memory.sessions.remove(name);
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // Every change is one call on the map, so a poisoned memory is still whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tower_sessions::session::Id;

    use super::*;

    #[test]
    fn ses_03_what_was_read_before_an_end_is_not_remembered_after_it() {
        let cache = SessionCache::default();
        let name = SessionName::of(&Id::default());
        let item = Item::new(name.current(), &1).expect("an item").expires_at(101);
        let began = cache.begin();
        cache.forget(&name);
        cache.put(began, &name, &item, 99);
        assert!(cache.get(&name, 99).is_none());
        cache.put(cache.begin(), &name, &item, 99);
        assert!(cache.get(&name, 99).is_some() && cache.get(&name, 100).is_some());
        assert!(cache.get(&name, 101).is_none() && cache.get(&name, 98).is_none());
        cache.put(cache.begin(), &name, &item, 100);
        assert!(cache.get(&name, 101).is_none(), "it has expired meanwhile");
    }

    #[test]
    fn a_flood_of_sessions_does_not_grow_it() {
        let cache = SessionCache::default();
        for _ in 0..=MOST {
            let name = SessionName::of(&Id::default());
            let item = Item::new(name.current(), &1).expect("an item");
            cache.put(cache.begin(), &name, &item, 0);
        }
        assert!(cache.memory().sessions.len() <= MOST);
        let name = SessionName::of(&Id::default());
        let item = Item::new(name.current(), &1).expect("an item");
        cache.put(cache.begin(), &name, &item, SECONDS);
        assert!(cache.get(&name, SECONDS).is_some(), "the old make room");
    }
}
