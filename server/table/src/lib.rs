//! The one table everything is kept in: news, sessions, the audit log and the
//! embedded pool's users are items of it, as on DynamoDB.
//!
//! Here live the port ([`Table`]), an in-memory model of it ([`MemoryTable`])
//! and the conformance suite. The engines live in the server; what the items
//! mean is known only to their owners.

#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod item;
mod memory;
mod port;
mod rules;

pub use error::TableError;
pub use item::{Condition, Item, Key, Write};
pub use memory::MemoryTable;
pub use port::{Clock, Order, Page, Range, Table};
pub use rules::{
    MAX_BATCH, MAX_BATCH_BYTES, MAX_BODY_BYTES, MAX_DEPTH, MAX_ITEM_BYTES, MAX_KEY_BYTES, MAX_KEYS,
    MAX_PAGE, check_batch, check_key, check_keys, check_limit, item_size,
};
