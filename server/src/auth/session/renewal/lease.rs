//! Lease on the refresh token of a session: one process at a time may use it.

use gazette_table::{Item, Table, TableError, Write};

use crate::auth::session::record::TokenRecord;
use crate::auth::session::signed_in::MAX_CLOCK_DIFFERENCE_SECONDS;

/// Duration of a lease, longer than the requests to the pool under it: discovery that another
/// request began and one of its own (3 s each), the token request (5 s), and the same two fetches
/// for the keys (3 s each). They take 17 s at most, which leaves time to store the outcome.
const LEASE_SECONDS: i64 = 30;
/// Latest end of a lease from now: another process's clock may be ahead. One that ends later was
/// taken before the clock was set back.
const MAX_LEASE_SECONDS: i64 = LEASE_SECONDS + MAX_CLOCK_DIFFERENCE_SECONDS;

/// Returns whether a process holds the lease.
pub(super) fn is_held(record: &TokenRecord, now: i64) -> bool {
    (now + 1..=now + MAX_LEASE_SECONDS).contains(&record.leased_until)
}

/// Exclusive right of this process to use the refresh token of a session.
pub(super) struct Lease {
    item: Item,
    record: TokenRecord,
}

impl Lease {
    /// Takes the lease; `None` if the record changed since it was read.
    pub(super) async fn acquire(
        table: &dyn Table,
        item: &Item,
        record: TokenRecord,
        now: i64,
    ) -> Result<Option<Self>, TableError> {
        let record = TokenRecord { leased_until: now + LEASE_SECONDS, ..record };
        let leased = next_version(item, &record)?;
        match table.write(vec![Write::replace(leased.clone(), item.version)]).await {
            Ok(()) => Ok(Some(Self { item: leased, record })),
            Err(TableError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives up the lease and keeps the refresh token; `false` if the record changed since.
    pub(super) async fn release(&self, table: &dyn Table) -> Result<bool, TableError> {
        let record = TokenRecord { leased_until: 0, sealed: self.record.sealed.clone() };
        let free = next_version(&self.item, &record)?;
        match table.write(vec![Write::replace(free, self.item.version)]).await {
            Ok(()) => Ok(true),
            Err(TableError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Returns the lease with another encrypted refresh token, for its release.
    pub(super) fn with_sealed(mut self, sealed: String) -> Self {
        self.record.sealed = sealed;
        self
    }

    /// Returns the encrypted refresh token.
    pub(super) fn sealed(&self) -> &str {
        &self.record.sealed
    }

    /// Returns the version of the token record under this lease.
    pub(super) fn version(&self) -> u64 {
        self.item.version
    }
}

fn next_version(item: &Item, record: &TokenRecord) -> Result<Item, TableError> {
    let mut next = Item::new(item.key.clone(), record)?.version(item.version + 1);
    next.expires_at = item.expires_at;
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_24_a_lease_survives_clocks_that_differ_and_ends_when_the_clock_is_set_back() {
        let taken_at =
            |at: i64| TokenRecord { sealed: String::new(), leased_until: at + LEASE_SECONDS };
        let now = 1_790_000_000;
        for (at, held) in [(now, true), (now + 45, true), (now - 29, true), (now - 30, false)] {
            assert_eq!(is_held(&taken_at(at), now), held, "{at}");
        }
        assert!(!is_held(&taken_at(now + 3_600), now));
    }
}
