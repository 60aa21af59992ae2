//! Tests with each format of API Gateway events: in this process, and with the built binary
//! behind a Runtime API on loopback.
#![expect(clippy::expect_used, reason = "test helpers fail by panicking")]
#![expect(clippy::indexing_slicing, reason = "test helpers fail by panicking")]

mod context;
mod process;
mod responses;
mod runtime_api;
mod test_pool;
