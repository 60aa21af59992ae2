//! Opens the configured table.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use gazette_table::Table;

use crate::clock::Clock;
use crate::config::{Engine, StoreConfig};
use crate::store::{self, DynamoDbTable, EmbeddedTable};

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

async fn dynamodb_table(config: &StoreConfig, clock: &Clock) -> Result<Arc<dyn Table>> {
    let client = store::client().await?;
    Ok(Arc::new(DynamoDbTable::new(&client, &config.table, clock.seconds())))
}

/// Creates the data folder with access for the current user only, since it holds keys.
fn create_private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
