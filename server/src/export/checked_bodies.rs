//! Bodies that were checked ahead, on all processors.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::markdown;

type Verdict = Result<(), String>;

/// The verdicts on the bodies of the items that are imported next.
#[derive(Default)]
pub(super) struct CheckedBodies {
    verdicts: Mutex<HashMap<String, Verdict>>,
}

impl CheckedBodies {
    /// Checks bodies, and forgets those of before.
    pub(super) fn prepare<'a>(&self, bodies: impl Iterator<Item = &'a str>) {
        let bodies: Vec<&str> = bodies.collect();
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let share = bodies.len().div_ceil(threads).max(1);
        let verdicts: Vec<Verdict> = std::thread::scope(|scope| {
            let checks: Vec<_> = bodies
                .chunks(share)
                .map(|part| {
                    let checks = || part.iter().map(|body| check(body)).collect();
                    (part.len(), scope.spawn(checks))
                })
                .collect();
            let failed = |count| vec![Err("cannot be checked".to_owned()); count];
            checks
                .into_iter()
                .flat_map(|(count, check)| check.join().unwrap_or_else(|_| failed(count)))
                .collect()
        });
        *self.verdicts() = bodies.into_iter().map(str::to_owned).zip(verdicts).collect();
    }

    /// Checks that a body can be rendered, as the write API does.
    pub(super) fn check(&self, body: &str) -> Verdict {
        let known = self.verdicts().get(body).cloned();
        known.unwrap_or_else(|| check(body))
    }

    fn verdicts(&self) -> MutexGuard<'_, HashMap<String, Verdict>> {
        // It is replaced as a whole, so it is consistent even after a panic.
        self.verdicts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check(body: &str) -> Verdict {
    markdown::check(body).map_err(|error| error.to_string())
}
