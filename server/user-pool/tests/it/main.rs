//! The pool as its clients see it: through the router, by a small browser.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod administration;
mod browser;
mod clock;
mod code_flow;
mod directory;
mod faults;
mod json_api;
mod keys;
mod pages;
mod revocation;
mod rotation;
mod sign_in;
mod single_sign_on;
mod token_endpoint;
mod token_shapes;
mod world;
