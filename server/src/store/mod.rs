//! The engines of the one table.

mod dynamodb;
mod embedded;
mod rehearsal;

pub use dynamodb::{DynamoDbTable, client, create_table};
pub use embedded::{EmbeddedTable, OpenError};
pub use rehearsal::RehearsalTable;
