//! Tests of the pool through its router, with a minimal browser.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test helpers fail by panicking"
)]

mod account;
mod admin_api;
mod browser;
mod clients;
mod clock;
mod code_flow;
mod cors;
mod directory;
mod failures;
mod faults;
mod fidelity;
mod forgotten_passwords;
mod fuzz;
mod going_back;
mod hosted_ui;
mod invitations;
mod json_api;
mod key_rotation;
mod keys;
mod mfa;
mod mfa_setup;
mod overload;
mod pages;
mod races;
mod resource;
mod revocation;
mod rotation;
mod session_binding;
mod sign_in;
mod sign_up;
mod single_sign_on;
mod test_pool;
mod token_endpoint;
mod token_shapes;
