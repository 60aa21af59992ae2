//! The engines of the one table.

mod embedded;

pub use embedded::{EmbeddedTable, OpenError};
