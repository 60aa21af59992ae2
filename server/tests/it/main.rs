//! The server, tried as its users would: through the router, and as a process.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]
#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod browser;
mod claims_elsewhere;
mod csrf;
mod deleting;
mod forge;
mod golden;
mod import;
mod news;
mod pages;
mod process;
mod sign_in;
mod store;
mod tokens;
mod world;
