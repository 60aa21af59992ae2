//! How often a name may be tried: after five failures ever longer pauses.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Failures without a pause.
const FREE_FAILURES: u32 = 5;
/// The longest pause, in seconds.
const LONGEST_PAUSE: i64 = 15 * 60;
/// How many names are remembered.
const MAX_NAMES: usize = 10_000;

/// Counts failed sign-ins per name, in memory.
///
/// After five failures a name is locked for one second, and twice as long after
/// each further one, up to 15 minutes; attempts meanwhile are refused without
/// being counted. A name that was left alone for 15 minutes starts anew.
/// Source: Cognito, "Authentication flow", lockout behaviour.
#[derive(Default)]
pub(crate) struct Lockout(Mutex<HashMap<String, Failures>>);

#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    locked_until: i64,
}

impl Failures {
    fn is_old(self, now: i64) -> bool {
        self.locked_until.saturating_add(LONGEST_PAUSE) <= now
    }

    fn one_more(self, now: i64) -> Self {
        let count = self.count.saturating_add(1);
        let doublings = count.checked_sub(FREE_FAILURES);
        let pause = doublings.map_or(0, |n| 1_i64.checked_shl(n.min(32)).unwrap_or(LONGEST_PAUSE));
        Self { count, locked_until: now.saturating_add(pause.min(LONGEST_PAUSE)) }
    }
}

impl Lockout {
    /// Lets an attempt begin and counts it as failed; `false` while the name is locked.
    pub(crate) fn admit(&self, name: &str, now: i64) -> bool {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = names.get(name).copied().filter(|failures| !failures.is_old(now));
        if known
            .is_some_and(|failures| failures.count >= FREE_FAILURES && failures.locked_until > now)
        {
            return false;
        }
        if known.is_none() && names.len() >= MAX_NAMES {
            make_room(&mut names, now);
        }
        names.insert(name.to_owned(), known.unwrap_or_default().one_more(now));
        true
    }

    /// Wipes the count of a name: the password was right.
    pub(crate) fn forget(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

/// Drops what is old, and if nothing is, the names with the fewest failures first,
/// so that a flood of made-up names does not free one that is under attack.
fn make_room(names: &mut HashMap<String, Failures>, now: i64) {
    names.retain(|_, failures| !failures.is_old(now));
    let mut least = 1;
    while names.len() >= MAX_NAMES {
        names.retain(|_, failures| failures.count > least);
        least += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pool_07_pauses_double_and_do_not_grow_by_waiting() {
        let lockout = Lockout::default();
        let mut now = 1_000_000;
        for _ in 0..5 {
            assert!(lockout.admit("a", now));
        }
        for pause in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            assert!(!lockout.admit("a", now) && !lockout.admit("a", now + pause - 1), "{pause}");
            assert!(lockout.admit("b", now), "other names are free");
            lockout.forget("b");
            now += pause;
            assert!(lockout.admit("a", now), "free again after {pause} s");
        }
        lockout.forget("a");
        assert!(lockout.admit("a", now));
    }

    #[test]
    fn failures_are_forgotten_after_a_quarter_of_an_hour() {
        let lockout = Lockout::default();
        for _ in 0..4 {
            assert!(lockout.admit("a", 0));
        }
        for _ in 0..5 {
            assert!(lockout.admit("a", LONGEST_PAUSE));
        }
        assert!(!lockout.admit("a", LONGEST_PAUSE));
    }

    #[test]
    fn a_flood_of_names_neither_grows_the_map_nor_frees_a_locked_name() {
        let lockout = Lockout::default();
        for _ in 0..5 {
            lockout.admit("victim", 0);
        }
        for n in 0..=MAX_NAMES {
            lockout.admit(&n.to_string(), 0);
        }
        assert!(lockout.0.lock().unwrap().len() <= MAX_NAMES);
        assert!(!lockout.admit("victim", 0));
    }
}
