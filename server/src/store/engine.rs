//! The configured engine: opens its table, checks it and reports on it. The only place besides
//! the settings that knows every engine.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use gazette_table::Table;

use crate::clock::Clock;
use crate::config::{Engine, SettingErrors, StoreConfig, aws_endpoint};
use crate::store::dynamodb::{DynamoDbTable, TableCheckError, client, region};
use crate::store::embedded::EmbeddedTable;

/// Opens the configured table; creates an embedded store if there is none.
pub async fn open_table(config: &StoreConfig, clock: &Clock) -> Result<Arc<dyn Table>> {
    Ok(match config.engine {
        Engine::Embedded => {
            create_private_folder(&config.data_dir).with_context(|| {
                format!("cannot use the data folder {}", config.data_dir.display())
            })?;
            Arc::new(EmbeddedTable::open(&config.file(), clock.seconds())?)
        }
        Engine::DynamoDb => dynamodb_table(config, clock).await?,
    })
}

/// Opens the configured table if it exists; creates no file and no folder.
pub(crate) async fn open_present_table(
    config: &StoreConfig,
    clock: &Clock,
) -> Result<Arc<dyn Table>> {
    Ok(match config.engine {
        Engine::Embedded => Arc::new(EmbeddedTable::open_present(&config.file(), clock.seconds())?),
        Engine::DynamoDb => dynamodb_table(config, clock).await?,
    })
}

/// Adds what prevents the configured table from being opened. A store that another process uses
/// is not an error, nor is one that does not respond: the site may start and wait for it.
pub(crate) async fn check_table(config: &StoreConfig, errors: &mut SettingErrors) {
    match config.engine {
        Engine::Embedded => {
            if let Err(error) = EmbeddedTable::check(&config.file()) {
                errors.add("GAZETTE_DATA_DIR", error.to_string());
            }
        }
        Engine::DynamoDb => check_dynamodb(&config.table, errors).await,
    }
}

/// Adds what would prevent the file of the configured table from being opened, beyond
/// [`check_table`]. It takes as long as opening it.
pub(crate) fn check_table_content(config: &StoreConfig, errors: &mut SettingErrors) {
    match config.engine {
        Engine::Embedded => {
            if let Err(error) = EmbeddedTable::check_content(&config.file()) {
                errors.add("GAZETTE_DATA_DIR", error.to_string());
            }
        }
        // It has no file.
        Engine::DynamoDb => {}
    }
}

/// Returns what an operator may want to know of the configured engine: names and values, `None`
/// for a value that is not set.
pub(crate) async fn engine_facts(config: &StoreConfig) -> Vec<(&'static str, Option<String>)> {
    match config.engine {
        Engine::Embedded => vec![("file", Some(config.file().display().to_string()))],
        Engine::DynamoDb => vec![
            ("table", Some(config.table.clone())),
            ("region", region().await),
            ("endpoint", aws_endpoint()),
        ],
    }
}

async fn dynamodb_table(config: &StoreConfig, clock: &Clock) -> Result<Arc<dyn Table>> {
    let client = client().await?;
    Ok(Arc::new(DynamoDbTable::new(&client, &config.table, clock.seconds())))
}

/// Creates the data folder with access for the current user only, since it holds keys.
fn create_private_folder(path: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

async fn check_dynamodb(name: &str, errors: &mut SettingErrors) {
    let client = match client().await {
        Ok(client) => client,
        Err(error) => {
            errors.0.push(error);
            return;
        }
    };
    let table = DynamoDbTable::new(&client, name, Clock::system().seconds());
    match table.check().await {
        Ok(()) => {}
        Err(error @ TableCheckError::Refused(_)) => {
            errors.add("GAZETTE_TABLE", format!("{name}: {error}"));
        }
        Err(error @ TableCheckError::Unavailable(_)) => {
            tracing::warn!(table = name, %error, "the table cannot be checked");
        }
    }
}
