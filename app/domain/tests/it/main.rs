//! The desk over the in-memory table.
#![expect(clippy::disallowed_methods, reason = "the tests need callers of every kind")]
#![expect(clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]
#![expect(clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod auditing;
mod deleting_all;
mod desk;
mod histories;
mod saving;
mod trash;
mod world;
