//! The engines of the table.

mod check;
mod dry_run;
mod dynamodb;
mod embedded;

pub use check::StoreCheck;
pub use dry_run::DryRunTable;
pub use dynamodb::{DynamoDbTable, TableCheckError, client, create_table, region};
pub use embedded::{EmbeddedTable, OpenError};
