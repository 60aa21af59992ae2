//! Token buckets of addresses and people, in a fixed amount of memory.
//!
//! A bucket is one number: the time at which it will be full again (GCRA). Buckets are in sets of
//! four; where all four are in use, the one that is full first gives way. So memory never grows,
//! and a flood of addresses costs at most a few others their count.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::config::{Rate, TrafficClass};

/// Sets of four buckets: together 256 KiB.
const SETS: usize = 8192;
const WAYS: usize = 4;
/// A bucket is a tag, which tells requesters apart, above a time.
const TIME_BITS: u32 = 44;
const TIME_MASK: u64 = (1 << TIME_BITS) - 1;
/// Units of a time in a second: enough for 34 years.
const TICKS: u64 = 1 << 14;
/// Host part of an IPv6 address. A client usually controls its whole /64.
const IPV6_HOST_MASK: u128 = u64::MAX as u128;

/// Who sends requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Requester<'r> {
    /// An address, or the /64 network of one of IPv6.
    Address(IpAddr),
    /// Subject of a person.
    Person(&'r str),
}

impl Requester<'_> {
    /// Returns who is counted for an address.
    pub(crate) fn at(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !IPV6_HOST_MASK))
            }
        })
    }
}

/// The requester must wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateLimited {
    /// Limit that was reached.
    pub(crate) rate: Rate,
    /// Seconds until the next request passes, at least 1.
    pub(crate) retry_seconds: u64,
}

/// Token buckets.
pub(crate) struct RateLimiter {
    /// Random, so that nobody can choose addresses that share a bucket.
    hasher: RandomState,
    started: Instant,
    buckets: Box<[AtomicU64]>,
}

impl RateLimiter {
    pub(crate) fn new() -> Self {
        let buckets = (0..SETS * WAYS).map(|_| AtomicU64::new(0)).collect();
        Self { hasher: RandomState::new(), started: Instant::now(), buckets }
    }

    /// Counts a request.
    pub(crate) fn check(
        &self,
        class: TrafficClass,
        rate: Rate,
        requester: Requester<'_>,
    ) -> Result<(), RateLimited> {
        self.check_at(class, rate, requester, self.started.elapsed())
    }

    fn check_at(
        &self,
        class: TrafficClass,
        rate: Rate,
        requester: Requester<'_>,
        elapsed: Duration,
    ) -> Result<(), RateLimited> {
        // One tick more, so that no bucket of now looks like an unused one.
        let now = ticks(elapsed) + 1;
        let capacity = u64::from(rate.seconds) * TICKS;
        let cost = (capacity / u64::from(rate.requests)).max(1);
        let hash = self.hasher.hash_one((class, requester));
        let tag = hash >> TIME_BITS;
        let Some(bucket) = self.bucket(hash, tag, now) else { return Ok(()) };
        let mut known = bucket.load(Ordering::Relaxed);
        loop {
            let full_at = if known >> TIME_BITS == tag { known & TIME_MASK } else { 0 };
            let next = full_at.max(now) + cost;
            if next > now + capacity {
                let wait = next - now - capacity;
                return Err(RateLimited { rate, retry_seconds: wait.div_ceil(TICKS).max(1) });
            }
            let value = (tag << TIME_BITS) | (next & TIME_MASK);
            match bucket.compare_exchange_weak(known, value, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(current) => known = current,
            }
        }
    }

    /// Returns the bucket of a tag, else a full one, else the one that is full first.
    fn bucket(&self, hash: u64, tag: u64, now: u64) -> Option<&AtomicU64> {
        let set = usize::try_from(hash % (SETS as u64)).ok()? * WAYS;
        let set = self.buckets.get(set..set + WAYS)?;
        let own = set.iter().find(|bucket| bucket.load(Ordering::Relaxed) >> TIME_BITS == tag);
        own.or_else(|| {
            set.iter().min_by_key(|bucket| (bucket.load(Ordering::Relaxed) & TIME_MASK).max(now))
        })
    }
}

fn ticks(elapsed: Duration) -> u64 {
    elapsed.as_secs() * TICKS + u64::from(elapsed.subsec_nanos()) * TICKS / 1_000_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { requests: 3, seconds: 60 };

    fn at(limiter: &RateLimiter, address: &str, seconds: u64) -> Result<(), RateLimited> {
        let requester = Requester::at(address.parse().expect("an address"));
        limiter.check_at(TrafficClass::Read, RATE, requester, Duration::from_secs(seconds))
    }

    #[test]
    fn a_bucket_empties_at_once_and_fills_evenly() {
        let limiter = RateLimiter::new();
        for _ in 0..3 {
            assert_eq!(at(&limiter, "192.0.2.1", 0), Ok(()));
        }
        let refused = at(&limiter, "192.0.2.1", 0).expect_err("empty");
        assert_eq!(refused.retry_seconds, 20);
        assert_eq!(at(&limiter, "192.0.2.2", 0), Ok(()), "another address");
        assert!(at(&limiter, "192.0.2.1", 19).is_err());
        assert_eq!(at(&limiter, "192.0.2.1", 21), Ok(()));
        assert!(at(&limiter, "192.0.2.1", 22).is_err());
        for _ in 0..3 {
            assert_eq!(at(&limiter, "192.0.2.1", 1000), Ok(()));
        }
        assert!(at(&limiter, "192.0.2.1", 1000).is_err(), "never more than it holds");
    }

    #[test]
    fn an_ipv6_network_is_one_requester() {
        let limiter = RateLimiter::new();
        for host in 1..=3 {
            assert_eq!(at(&limiter, &format!("2001:db8::{host}"), 0), Ok(()));
        }
        assert!(at(&limiter, "2001:db8::ffff", 0).is_err());
        assert_eq!(at(&limiter, "2001:db8:0:1::1", 0), Ok(()));
    }

    #[test]
    fn f_32_az_04_a_flood_of_addresses_takes_no_more_memory_and_refuses_no_stranger() {
        let limiter = RateLimiter::new();
        let before = limiter.buckets.len();
        let mut refused = 0;
        for number in 0..200_000_u32 {
            let address = IpAddr::from(number.to_be_bytes());
            let requester = Requester::at(address);
            let checked =
                limiter.check_at(TrafficClass::Read, RATE, requester, Duration::from_secs(1));
            refused += u32::from(checked.is_err());
        }
        assert_eq!(limiter.buckets.len(), before);
        assert!(refused < 20, "{refused}");
    }

    #[test]
    fn concurrent_requests_never_get_more_than_the_bucket_holds() {
        let limiter = RateLimiter::new();
        let passed = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        if at(&limiter, "192.0.2.1", 5).is_ok() {
                            passed.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        assert_eq!(passed.into_inner(), 3);
    }
}
