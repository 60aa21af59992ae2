//! Slots of the connections: their number in total, for each peer, and in the reserve.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::activity::Activity;
use super::limits::Limits;
use super::peer::Peer;

/// Slots of the connections of a listener.
pub(super) struct ConnectionSlots {
    limits: Arc<Limits>,
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    open: HashMap<u64, Entry>,
    per_peer: HashMap<Peer, usize>,
    in_reserve: usize,
    next_id: u64,
}

struct Entry {
    activity: Arc<Activity>,
    peer: Option<Peer>,
    is_reserve: bool,
}

/// Slot of one connection; it is free again when this value is dropped.
pub(super) struct Slot {
    slots: Arc<ConnectionSlots>,
    id: u64,
    /// Record of what the connection waits for.
    pub(super) activity: Arc<Activity>,
    /// `true` if the connection gets responses to health checks only.
    pub(super) is_reserve: bool,
}

impl ConnectionSlots {
    pub(super) fn new(limits: Arc<Limits>) -> Arc<Self> {
        Arc::new(Self { limits, entries: Mutex::default() })
    }

    /// Takes a slot. If there is none, closes the connection that has been idle or stalled
    /// longest; if there is none of these, the slot is one of the reserve.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Slot {
        let peer = Peer::of(address, &self.limits.trusted_proxies);
        let activity = Arc::new(Activity::new());
        let mut entries = self.entries();
        let is_reserve = !entries.free_slot(peer, &self.limits);
        if is_reserve {
            entries.free_reserve_slot(&self.limits);
        }
        let entry = Entry { activity: Arc::clone(&activity), peer, is_reserve };
        let id = entries.insert(entry);
        drop(entries);
        Slot { slots: Arc::clone(self), id, activity, is_reserve }
    }

    /// Closes the connection that has been idle or stalled longest.
    pub(super) fn evict_oldest(&self) {
        let mut entries = self.entries();
        entries.evict_oldest(&self.limits, |_| true);
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.entries().remove(self.id);
    }
}

impl Entries {
    /// Frees a slot for a connection of a peer if need be; returns whether there is one.
    fn free_slot(&mut self, peer: Option<Peer>, limits: &Limits) -> bool {
        let of_peer = peer.and_then(|peer| self.per_peer.get(&peer)).copied().unwrap_or(0);
        if of_peer >= limits.max_connections_per_address {
            return self.evict_oldest(limits, |entry| entry.peer == peer && !entry.is_reserve);
        }
        let ordinary = self.open.len().saturating_sub(self.in_reserve);
        ordinary < limits.max_connections || self.evict_oldest(limits, |entry| !entry.is_reserve)
    }

    /// Frees a slot of the reserve, if need be at the cost of a request there.
    fn free_reserve_slot(&mut self, limits: &Limits) {
        if self.in_reserve < limits.reserve {
            return;
        }
        // Ids ascend, so the least is the oldest.
        let reserve = self.open.iter().filter(|(_, entry)| entry.is_reserve);
        if let Some(id) = reserve.map(|(id, _)| *id).min() {
            self.close(id);
        }
    }

    fn evict_oldest(&mut self, limits: &Limits, may_close: impl Fn(&Entry) -> bool) -> bool {
        let candidates = self.open.iter().filter(|(_, entry)| may_close(entry));
        let ranked = candidates.filter_map(|(id, entry)| Some((entry.activity.rank(limits)?, *id)));
        let oldest = ranked.min().map(|(_, id)| id);
        if let Some(id) = oldest {
            self.close(id);
        }
        oldest.is_some()
    }

    fn close(&mut self, id: u64) {
        // The slot is free at once; the connection closes as soon as its task runs.
        if let Some(entry) = self.remove(id) {
            entry.activity.close();
        }
    }

    fn insert(&mut self, entry: Entry) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        if entry.is_reserve {
            self.in_reserve += 1;
        } else if let Some(peer) = entry.peer {
            *self.per_peer.entry(peer).or_default() += 1;
        }
        self.open.insert(id, entry);
        id
    }

    fn remove(&mut self, id: u64) -> Option<Entry> {
        let entry = self.open.remove(&id)?;
        if entry.is_reserve {
            self.in_reserve = self.in_reserve.saturating_sub(1);
        } else if let Some(peer) = entry.peer
            && let Some(count) = self.per_peer.get_mut(&peer)
        {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.per_peer.remove(&peer);
            }
        }
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use super::*;
    use crate::listener::exchange::Exchange;

    fn slots() -> Arc<ConnectionSlots> {
        ConnectionSlots::new(Arc::new(Limits {
            max_connections: 3,
            max_connections_per_address: 2,
            reserve: 1,
            stall_timeout: Duration::ZERO,
            ..Limits::default()
        }))
    }

    fn take(slots: &Arc<ConnectionSlots>, host: u8) -> Slot {
        // Two slots must not be of one instant.
        std::thread::sleep(Duration::from_millis(1));
        slots.take(Ipv4Addr::new(192, 0, 2, host).into())
    }

    fn is_open(slot: &Slot) -> bool {
        slot.slots.entries().open.contains_key(&slot.id)
    }

    #[test]
    fn the_oldest_idle_connection_of_a_peer_makes_room_for_its_next() {
        let slots = slots();
        let (other, first, second) = (take(&slots, 1), take(&slots, 2), take(&slots, 2));
        let third = take(&slots, 2);
        assert!(!third.is_reserve);
        assert_eq!([&other, &first, &second].map(is_open), [true, false, true]);
    }

    #[test]
    fn the_oldest_idle_connection_of_all_makes_room_when_all_slots_are_taken() {
        let slots = slots();
        let (first, second, third) = (take(&slots, 1), take(&slots, 2), take(&slots, 3));
        let _under_way = Exchange::begin(&first.activity);
        let fourth = take(&slots, 4);
        assert!(!fourth.is_reserve);
        assert_eq!([&first, &second, &third].map(is_open), [true, false, true]);
    }

    #[test]
    fn requests_under_way_leave_the_reserve_to_others() {
        let slots = slots();
        let open = [1, 2, 3].map(|host| take(&slots, host));
        let _under_way = open.each_ref().map(|slot| Exchange::begin(&slot.activity));
        let (fourth, fifth) = (take(&slots, 4), take(&slots, 5));
        assert!(fourth.is_reserve && fifth.is_reserve);
        assert_eq!([&fourth, &fifth].map(is_open), [false, true]);
        drop(open);
        assert!(!take(&slots, 6).is_reserve);
    }

    #[test]
    fn a_stalled_body_goes_after_idle_connections_and_before_the_reserve() {
        let slots = slots();
        let open = [1, 2, 3].map(|host| take(&slots, host));
        let exchanges = open.each_ref().map(|slot| Exchange::begin(&slot.activity));
        let stalled = exchanges.map(|exchange| exchange.response_body(()));
        assert!(!take(&slots, 4).is_reserve);
        assert_eq!(open.each_ref().map(is_open), [false, true, true]);
        drop(stalled);
    }
}
