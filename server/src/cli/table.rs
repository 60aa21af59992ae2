//! Manages the DynamoDB table.

use anyhow::{Result, bail};

use super::arguments::TableCommand;
use super::output::print_line;
use crate::config::Config;
use crate::store::{client, create_table};

pub(super) async fn run(config: &Config, command: &TableCommand) -> Result<()> {
    let TableCommand::Create = command;
    let Some(table) = config.store.table_to_create() else {
        bail!("the store is {}: it is created when it is first opened", config.store.describe());
    };
    create_table(&client().await?, table).await?;
    print_line(format_args!("the table {table} is active"));
    Ok(())
}
