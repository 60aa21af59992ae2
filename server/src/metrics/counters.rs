//! Counters by a code of the program, such as a reason.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Counters by code. Codes are texts of the program, never of a request, so their number is fixed.
#[derive(Debug, Default)]
pub(crate) struct Counters(Mutex<BTreeMap<&'static str, u64>>);

impl Counters {
    pub(crate) fn add(&self, code: &'static str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(code).or_default() += 1;
    }

    /// Returns the sum of all codes.
    pub(super) fn sum(&self) -> u64 {
        self.all().into_iter().map(|(_, count)| count).sum()
    }

    pub(super) fn all(&self) -> Vec<(&'static str, u64)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().map(|(code, count)| (*code, *count)).collect()
    }
}
