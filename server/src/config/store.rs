//! Storage of stories, sessions and users.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::error::SettingErrors;
use super::session::SessionConfig;

/// Storage of stories, sessions and users.
#[derive(Args, Clone, Debug)]
pub struct StoreConfig {
    /// Folder of the embedded store and of the keys.
    #[arg(long, env = "GAZETTE_DATA_DIR", value_name = "FOLDER", default_value = "data")]
    pub data_dir: PathBuf,
    /// Engine that holds the table: embedded or dynamodb.
    #[arg(
        id = "store",
        long = "store",
        env = "GAZETTE_STORE",
        value_name = "ENGINE",
        default_value = "embedded"
    )]
    pub engine: Engine,
    /// Name of the DynamoDB table.
    #[arg(
        long,
        env = "GAZETTE_TABLE",
        value_name = "NAME",
        default_value = "gazette",
        value_parser = table_name
    )]
    pub table: String,
    /// The data folder does not outlive the process.
    #[arg(skip)]
    pub is_folder_temporary: bool,
}

/// Engine that holds the table.
/// Not comparable, so that each decision is an exhaustive match beside the variants.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Engine {
    /// File in the data folder.
    Embedded,
    /// Table of Amazon DynamoDB.
    #[value(name = "dynamodb")]
    DynamoDb,
}

impl StoreConfig {
    /// Returns the path of the embedded store.
    pub fn file(&self) -> PathBuf {
        self.data_dir.join("gazette.redb")
    }

    /// Returns the data folder, if what is in it outlives the process.
    pub fn lasting_folder(&self) -> Option<&Path> {
        (!self.is_folder_temporary).then_some(self.data_dir.as_path())
    }

    /// Returns whether one process owns the data folder, which then holds the session key.
    pub fn keeps_session_key(&self) -> bool {
        match self.engine {
            Engine::Embedded => true,
            // Every process needs the same key.
            Engine::DynamoDb => false,
        }
    }

    /// Returns the name of the table to create, if the engine does not create its own.
    pub fn table_to_create(&self) -> Option<&str> {
        match self.engine {
            Engine::Embedded => None,
            Engine::DynamoDb => Some(&self.table),
        }
    }

    /// Returns the name of the engine.
    pub fn name(&self) -> &'static str {
        match self.engine {
            Engine::Embedded => "embedded",
            Engine::DynamoDb => "dynamodb",
        }
    }

    /// Returns a description for the operator.
    pub fn describe(&self) -> String {
        match self.engine {
            Engine::Embedded => format!("embedded, in {}", self.file().display()),
            Engine::DynamoDb => format!("dynamodb, table {}", self.table),
        }
    }

    pub(super) fn check(&self, session: &SessionConfig, errors: &mut SettingErrors) {
        if !self.keeps_session_key() && session.keys.is_empty() {
            let message = format!("must be set when GAZETTE_STORE is {}", self.name());
            errors.add_once("GAZETTE_SESSION_KEY", message);
        }
    }
}

fn table_name(text: &str) -> Result<String, String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if (3..=255).contains(&text.len()) && text.chars().all(is_allowed) {
        return Ok(text.to_owned());
    }
    Err("a table name has 3 to 255 letters, digits, _, - and .".to_owned())
}
