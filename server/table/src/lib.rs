//! The table that stores everything: stories, sessions, the audit log and the users of the embedded
//! pool are items of one table, as on DynamoDB.
//!
//! This crate has the port ([`Table`]), an in-memory model of it ([`MemoryTable`]) and the
//! conformance suite. The engines are in the server. The meaning of items is known only to the
//! crates that own their partitions.

#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod health;
mod item;
mod layout;
mod memory;
mod port;
mod rules;
#[cfg(feature = "test-util")]
mod test_util;

pub use error::TableError;
pub use health::TableHealth;
pub use item::{Condition, Item, Key, Write};
pub use layout::{Export, Partition};
pub use memory::MemoryTable;
pub use port::{Clock, Order, Page, Range, Snapshot, Table};
pub use rules::{
    MAX_BATCH, MAX_BODY_BYTES, MAX_DEPTH, MAX_KEY_BYTES, MAX_KEYS, MAX_PAGE, check_batch,
    check_key, check_keys, check_limit,
};
#[cfg(feature = "test-util")]
pub use test_util::{Call, FaultyTable};
