//! Single flight: one renewal at a time per session in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::outcome::Renewal;
use crate::auth::session::hash::SessionHash;

/// Lock of one renewal. It holds the outcome if the session got a new id, because the records
/// under the old id are gone when the next request acquires the lock.
pub(super) type Flight = tokio::sync::Mutex<Option<Renewal>>;

/// Renewals in progress in this process.
#[derive(Default)]
pub(super) struct InFlight(Mutex<HashMap<SessionHash, Weak<Flight>>>);

impl InFlight {
    /// Returns the lock of a session's renewal, shared with all requests that wait for it.
    pub(super) fn join(&self, session: &SessionHash) -> Arc<Flight> {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(session).and_then(Weak::upgrade) {
            return flight;
        }
        flights.retain(|_, flight| flight.strong_count() > 0);
        let flight = Arc::new(Flight::default());
        flights.insert(session.clone(), Arc::downgrade(&flight));
        flight
    }
}
