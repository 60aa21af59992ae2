//! The engines of the table.

mod dry_run;
mod dynamodb;
mod embedded;

pub use dry_run::DryRunTable;
pub use dynamodb::{DynamoDbTable, client, create_table, region};
pub use embedded::{EmbeddedTable, OpenError};
