//! What the site takes on: rates of requests, and requests in progress. Knows no HTTP.

mod in_progress;
mod rate_limiter;

pub(crate) use in_progress::InProgress;
pub(crate) use rate_limiter::{RateLimited, RateLimiter, Requester};
