//! Renews sessions at the user pool: once per session, regardless of how many requests and
//! processes need it.

mod backoff;
mod in_flight;
mod lease;
mod outcome;
mod renewer;
mod save;

pub(super) use outcome::{Renewal, Wait};
pub(super) use renewer::Renewer;
