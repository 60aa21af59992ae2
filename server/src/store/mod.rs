//! The engines of the one table.

mod create_table;
mod dynamodb;
mod embedded;

pub use create_table::create_table;
pub use dynamodb::{DynamoDbTable, client};
pub use embedded::{EmbeddedTable, OpenError};
