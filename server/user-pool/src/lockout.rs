//! Lockout of usernames after failed sign-ins, with growing pauses.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::error::LockedError;

/// Failures before the first pause; also the maximum number of concurrent attempts.
const FREE_FAILURES: u32 = 5;
/// Longest pause, in seconds.
const MAX_PAUSE: i64 = 15 * 60;
/// Maximum number of usernames in memory.
const MAX_NAMES: usize = 10_000;
/// Maximum number of attempts for a username that wait for others.
const MAX_WAITING: u32 = 200;

/// Counts failed sign-ins per username, in memory.
///
/// After five failures a username is locked for one second, and twice as long after each
/// further one, up to 15 minutes. Attempts during a pause are refused without being counted.
/// The count ends 15 minutes after the last pause.
/// Source: Cognito, "Authentication flow", lockout behaviour.
///
/// Attempts that are being checked could all fail. So only as many as the limit allows are
/// checked at a time, and others wait for their outcome: parallel guesses get no more tries, and
/// parallel sign-ins with the right password all succeed.
#[derive(Default)]
pub(crate) struct Lockout {
    names: Mutex<HashMap<String, Failures>>,
    finished: Notify,
}

/// Attempt that is being checked. Without an outcome, it does not count.
pub(crate) struct Attempt<'l> {
    lockout: &'l Lockout,
    name: String,
    outcome: Outcome,
}

#[derive(Clone, Copy)]
enum Outcome {
    Unknown,
    Failed { at: i64 },
    Succeeded,
}

#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    locked_until: i64,
    in_progress: u32,
    waiting: u32,
}

/// Decision about an attempt.
enum Admission {
    Begin,
    Wait,
    Refuse { retry_after: i64 },
}

impl Lockout {
    /// Begins an attempt; waits while earlier ones could exhaust the limit.
    pub(crate) async fn begin_attempt(
        &self,
        name: &str,
        now: impl Fn() -> i64,
    ) -> Result<Attempt<'_>, LockedError> {
        let mut waiting = None;
        loop {
            let finished = self.finished.notified();
            match self.admit(name, now(), waiting.is_some()) {
                Admission::Begin => {
                    let (name, outcome) = (name.to_owned(), Outcome::Unknown);
                    return Ok(Attempt { lockout: self, name, outcome });
                }
                Admission::Refuse { retry_after } => return Err(LockedError { retry_after }),
                Admission::Wait => {
                    waiting.get_or_insert_with(|| Waiting { lockout: self, name: name.to_owned() });
                    finished.await;
                }
            }
        }
    }

    /// Admits an attempt, which is counted as in progress, or as waiting unless it `is_waiting`
    /// already.
    fn admit(&self, name: &str, now: i64, is_waiting: bool) -> Admission {
        let mut names = self.names();
        let failures = names.get(name).copied().filter(|failures| !failures.is_old(now));
        if failures.is_none() && names.len() >= MAX_NAMES {
            evict(&mut names, now);
        }
        let mut failures = failures.unwrap_or_default();
        if let Some(retry_after) = failures.retry_after(now) {
            return Admission::Refuse { retry_after };
        }
        // After a pause, one attempt is free.
        let free = FREE_FAILURES.saturating_sub(failures.count).max(1);
        if failures.in_progress >= free {
            if !is_waiting && failures.waiting >= MAX_WAITING {
                return Admission::Refuse { retry_after: 1 };
            }
            failures.waiting += u32::from(!is_waiting);
            names.insert(name.to_owned(), failures);
            return Admission::Wait;
        }
        failures.in_progress += 1;
        names.insert(name.to_owned(), failures);
        Admission::Begin
    }

    fn finish(&self, attempt: &Attempt<'_>) {
        self.change(&attempt.name, |failures| {
            failures.in_progress = failures.in_progress.saturating_sub(1);
            match attempt.outcome {
                Outcome::Unknown => {}
                Outcome::Failed { at } => failures.add_one(at),
                Outcome::Succeeded => (failures.count, failures.locked_until) = (0, 0),
            }
        });
        self.finished.notify_waiters();
    }

    /// Changes the entry of a username and removes it if nothing is left in it.
    fn change(&self, name: &str, change: impl FnOnce(&mut Failures)) {
        let mut names = self.names();
        let Some(failures) = names.get_mut(name) else { return };
        change(failures);
        if failures.count == 0 && !failures.is_in_use() {
            names.remove(name);
        }
    }

    fn names(&self) -> MutexGuard<'_, HashMap<String, Failures>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// Counts the attempt as failed.
    pub(crate) fn fail(mut self, now: i64) {
        self.outcome = Outcome::Failed { at: now };
    }

    /// Resets the count of the username after the right password.
    pub(crate) fn succeed(mut self) {
        self.outcome = Outcome::Succeeded;
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        self.lockout.finish(self);
    }
}

/// Attempt that waits for others. It is counted by [`Lockout::admit`], until it is dropped.
struct Waiting<'l> {
    lockout: &'l Lockout,
    name: String,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.lockout.change(&self.name, |failures| {
            failures.waiting = failures.waiting.saturating_sub(1);
        });
    }
}

impl Failures {
    fn is_in_use(self) -> bool {
        self.in_progress > 0 || self.waiting > 0
    }

    fn is_old(self, now: i64) -> bool {
        !self.is_in_use() && self.locked_until.saturating_add(MAX_PAUSE) <= now
    }

    fn retry_after(self, now: i64) -> Option<i64> {
        let is_locked = self.count >= FREE_FAILURES && self.locked_until > now;
        is_locked.then(|| self.locked_until.saturating_sub(now))
    }

    fn add_one(&mut self, now: i64) {
        self.count = self.count.saturating_add(1);
        let doublings = self.count.checked_sub(FREE_FAILURES);
        let pause = doublings.map_or(0, |n| 1_i64.checked_shl(n.min(32)).unwrap_or(MAX_PAUSE));
        self.locked_until = now.saturating_add(pause.min(MAX_PAUSE));
    }
}

/// Drops old entries, then those with the fewest failures, so that a flood of made-up names
/// does not unlock a name that is under attack.
fn evict(names: &mut HashMap<String, Failures>, now: i64) {
    names.retain(|_, failures| !failures.is_old(now));
    while names.len() >= MAX_NAMES {
        let unused = names.values().filter(|failures| !failures.is_in_use());
        let Some(fewest) = unused.map(|failures| failures.count).min() else { return };
        names.retain(|_, failures| failures.count > fewest || failures.is_in_use());
    }
}

#[cfg(test)]
mod tests;
