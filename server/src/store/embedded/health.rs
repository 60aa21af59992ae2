//! Health check of the embedded engine.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use gazette_table::{Key, TableHealth};

use super::error::StoreError;
use super::format;
use super::handle::Handle;
use super::transaction;

/// The pause between writes that find out whether a full disk has space again.
const WRITE_PAUSE: Duration = Duration::from_secs(5);

/// Reads the file, from the file system and through redb, and returns its state.
pub(super) fn health(handle: &Handle, path: Option<&Path>, now: i64) -> TableHealth {
    // redb answers from its cache, even if the file is gone.
    if let Some(path) = path
        && read_format(path).is_err()
    {
        return TableHealth::Unavailable;
    }
    let key = [Key::new("health", "check")];
    if let Err(error) = handle.read(|database| transaction::get_many(database, &key, now)) {
        return TableHealth::from(&error.into_table_error());
    }
    if handle.known_errors().is_damaged() {
        return TableHealth::Damaged;
    }
    if handle.is_broken() {
        return TableHealth::ReadOnly;
    }
    if handle.known_errors().full_since().is_some_and(|since| since.elapsed() >= WRITE_PAUSE) {
        // Nothing else may write, since no requests reach a site that is not ready.
        let _ = handle.write(|database| transaction::purge(database, now));
    }
    match handle.known_errors().full_since() {
        Some(_) => TableHealth::DiskFull,
        None => TableHealth::Ok,
    }
}

fn read_format(path: &Path) -> Result<(), StoreError> {
    let unreadable = |error: std::io::Error| StoreError::Other(error.to_string());
    let file = File::open(path).map_err(unreadable)?;
    format::read_version_of(&file).map(drop).map_err(|error| StoreError::Other(error.to_string()))
}
