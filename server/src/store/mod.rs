//! The engines of the one table.

mod dynamodb;
mod embedded;

pub use dynamodb::{DynamoDbTable, client, create_table};
pub use embedded::{EmbeddedTable, OpenError};
