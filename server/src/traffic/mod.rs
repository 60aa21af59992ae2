//! What the site takes on: rates of requests, requests in progress, and the wait for a processor.
//! Knows no HTTP.

mod in_progress;
mod processor_wait;
mod rate_limiter;

pub(crate) use in_progress::InProgress;
pub(crate) use processor_wait::ProcessorWait;
pub(crate) use rate_limiter::{RateLimited, RateLimiter, Requester};
