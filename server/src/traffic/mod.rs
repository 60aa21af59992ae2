//! Limits of requests: their rates, their number in progress, and their queueing delay. Knows no HTTP.

mod in_progress;
mod queue_delay;
mod rate_limiter;

pub(crate) use in_progress::InProgress;
pub(crate) use queue_delay::QueueDelay;
pub(crate) use rate_limiter::{RateLimited, RateLimiter, Requester};
