//! Lockout of usernames after failed sign-ins, with growing pauses.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::LockedError;

/// Number of failures before the first pause.
const FREE_FAILURES: u32 = 5;
/// Longest pause, in seconds.
const MAX_PAUSE: i64 = 15 * 60;
/// Maximum number of usernames in memory.
const MAX_NAMES: usize = 10_000;

/// Counts failed sign-ins per username, in memory.
///
/// After five failures a username is locked for one second, and twice as long after each
/// further one, up to 15 minutes. Attempts during a pause are refused without being counted.
/// The count ends 15 minutes after the last pause.
/// Source: Cognito, "Authentication flow", lockout behaviour.
#[derive(Default)]
pub(crate) struct Lockout(Mutex<HashMap<String, Failures>>);

#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    locked_until: i64,
}

impl Lockout {
    /// Starts an attempt and counts it as failed.
    pub(crate) fn start_attempt(&self, name: &str, now: i64) -> Result<(), LockedError> {
        let mut names = self.names();
        let failures = names.get(name).copied().filter(|failures| !failures.is_old(now));
        if let Some(retry_after) = failures.and_then(|failures| failures.retry_after(now)) {
            return Err(LockedError { retry_after });
        }
        if failures.is_none() && names.len() >= MAX_NAMES {
            evict(&mut names, now);
        }
        names.insert(name.to_owned(), failures.unwrap_or_default().add_one(now));
        Ok(())
    }

    /// Resets the count of a username after the right password.
    pub(crate) fn reset(&self, name: &str) {
        self.names().remove(name);
    }

    fn names(&self) -> MutexGuard<'_, HashMap<String, Failures>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Failures {
    fn is_old(self, now: i64) -> bool {
        self.locked_until.saturating_add(MAX_PAUSE) <= now
    }

    fn retry_after(self, now: i64) -> Option<i64> {
        let is_locked = self.count >= FREE_FAILURES && self.locked_until > now;
        is_locked.then(|| self.locked_until.saturating_sub(now))
    }

    fn add_one(self, now: i64) -> Self {
        let count = self.count.saturating_add(1);
        let doublings = count.checked_sub(FREE_FAILURES);
        let pause = doublings.map_or(0, |n| 1_i64.checked_shl(n.min(32)).unwrap_or(MAX_PAUSE));
        Self { count, locked_until: now.saturating_add(pause.min(MAX_PAUSE)) }
    }
}

/// Drops old entries, then those with the fewest failures, so that a flood of made-up names
/// does not unlock a name that is under attack.
fn evict(names: &mut HashMap<String, Failures>, now: i64) {
    names.retain(|_, failures| !failures.is_old(now));
    let mut min_count = 1;
    while names.len() >= MAX_NAMES {
        names.retain(|_, failures| failures.count > min_count);
        min_count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pool_07_pauses_double_and_attempts_during_a_pause_do_not_extend_it() {
        let lockout = Lockout::default();
        let mut now = 1_000_000;
        for _ in 0..5 {
            assert_eq!(lockout.start_attempt("a", now), Ok(()));
        }
        for pause in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            let at_first = lockout.start_attempt("a", now);
            assert_eq!(at_first, Err(LockedError { retry_after: pause }));
            let at_last = lockout.start_attempt("a", now + pause - 1);
            assert_eq!(at_last, Err(LockedError { retry_after: 1 }));
            assert_eq!(lockout.start_attempt("b", now), Ok(()), "other names are not locked");
            lockout.reset("b");
            now += pause;
            assert_eq!(lockout.start_attempt("a", now), Ok(()), "after {pause} s");
        }
        lockout.reset("a");
        assert_eq!(lockout.start_attempt("a", now), Ok(()));
    }

    #[test]
    fn failures_are_forgotten_after_15_minutes() {
        let lockout = Lockout::default();
        for _ in 0..4 {
            assert_eq!(lockout.start_attempt("a", 0), Ok(()));
        }
        for _ in 0..5 {
            assert_eq!(lockout.start_attempt("a", MAX_PAUSE), Ok(()));
        }
        assert!(lockout.start_attempt("a", MAX_PAUSE).is_err());
    }

    #[test]
    fn a_flood_of_names_neither_grows_the_map_nor_unlocks_a_name() {
        let lockout = Lockout::default();
        for _ in 0..5 {
            assert_eq!(lockout.start_attempt("victim", 0), Ok(()));
        }
        for n in 0..=MAX_NAMES {
            assert_eq!(lockout.start_attempt(&n.to_string(), 0), Ok(()));
        }
        assert!(lockout.names().len() <= MAX_NAMES);
        assert!(lockout.start_attempt("victim", 0).is_err());
    }
}
