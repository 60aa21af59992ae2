//! Where everything is kept.

use std::path::PathBuf;

use super::fault::Faults;
use super::settings::Settings;

/// Where everything is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreConfig {
    /// The folder of the embedded store, the pool's keys and the session key.
    pub data_dir: PathBuf,
}

impl StoreConfig {
    pub(super) fn read(settings: &Settings, faults: &mut Faults) -> Self {
        faults.parse("GAZETTE_STORE", settings.store.as_deref(), (), |text| match text {
            "embedded" => Ok(()),
            "dynamodb" => Err("this version has no DynamoDB engine yet; use embedded".to_owned()),
            _ => Err(format!("{text:?} is neither embedded nor dynamodb")),
        });
        let data_dir = settings.data_dir.clone().unwrap_or_else(|| "data".to_owned());
        Self { data_dir: PathBuf::from(data_dir) }
    }

    /// The file of the embedded store.
    pub fn file(&self) -> PathBuf {
        self.data_dir.join("gazette.redb")
    }
}
