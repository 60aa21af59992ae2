//! The engines of the table.

mod check;
mod dry_run;
mod dynamodb;
mod embedded;
mod engine;

pub use check::StoreCheck;
pub use dry_run::DryRunTable;
pub use dynamodb::{DynamoDbTable, client, create_table};
pub use embedded::{EmbeddedTable, OpenError};
pub use engine::open_table;
pub(crate) use engine::{check_table, check_table_content, engine_facts, open_present_table};
