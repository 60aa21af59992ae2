//! Where everything is kept.

use std::path::PathBuf;

use super::fault::Faults;
use super::settings::Settings;

/// Where everything is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreConfig {
    /// The folder of the embedded store and of the pool's keys.
    pub data_dir: PathBuf,
    /// Which engine holds the table.
    pub engine: Engine,
}

/// Which engine holds the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in the data folder.
    Embedded,
    /// A table of Amazon DynamoDB.
    DynamoDb {
        /// Its name.
        table: String,
    },
}

impl StoreConfig {
    pub(super) fn read(settings: &Settings, faults: &mut Faults) -> Self {
        let table = settings.table.clone().unwrap_or_else(|| "gazette".to_owned());
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !(3..=255).contains(&table.len()) || !table.chars().all(allowed) {
            faults.add("GAZETTE_TABLE", "a table's name has 3 to 255 letters, digits, _, - and .");
        }
        let given = settings.store.as_deref();
        let engine = faults.parse("GAZETTE_STORE", given, Engine::Embedded, |text| match text {
            "embedded" => Ok(Engine::Embedded),
            "dynamodb" => Ok(Engine::DynamoDb { table }),
            _ => Err(format!("{text:?} is neither embedded nor dynamodb")),
        });
        if matches!(engine, Engine::DynamoDb { .. }) && settings.session_key.is_none() {
            faults.add("GAZETTE_SESSION_KEY", "must be set when GAZETTE_STORE is dynamodb");
        }
        let data_dir = settings.data_dir.clone().unwrap_or_else(|| "data".to_owned());
        Self { data_dir: PathBuf::from(data_dir), engine }
    }

    /// The file of the embedded store.
    pub fn file(&self) -> PathBuf {
        self.data_dir.join("gazette.redb")
    }
}
