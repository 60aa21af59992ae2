//! Manages the DynamoDB table.

use anyhow::{Result, bail};

use super::arguments::TableCommand;
use super::output::print_line;
use crate::config::{Config, Engine};
use crate::store::{client, create_table};

pub(super) async fn run(config: &Config, command: &TableCommand) -> Result<()> {
    let TableCommand::Create = command;
    if config.store.engine == Engine::Embedded {
        bail!("GAZETTE_STORE is embedded: its file is created when it is first opened");
    }
    let table = &config.store.table;
    create_table(&client().await?, table).await?;
    print_line(format_args!("the table {table} is active"));
    Ok(())
}
