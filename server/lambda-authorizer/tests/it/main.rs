//! The Lambda face, asked as API Gateway asks it: in each shape of its events, in this
//! process, and as a built binary behind a Runtime API on loopback.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]
#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

mod answers;
mod context;
mod pool;
mod process;
mod runtime_api;
