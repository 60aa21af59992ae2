//! Looks after the DynamoDB table.

use anyhow::{Result, bail};

use super::arguments::TableCommand;
use super::output::say;
use crate::config::{Config, Engine};
use crate::store::{client, create_table};

pub(super) async fn run(config: &Config, command: &TableCommand) -> Result<()> {
    let TableCommand::Create = command;
    let Engine::DynamoDb { table } = &config.store.engine else {
        bail!("GAZETTE_STORE is embedded: its file is made when it is first opened");
    };
    create_table(&client().await, table).await?;
    say(format_args!("the table {table} is active"));
    Ok(())
}
