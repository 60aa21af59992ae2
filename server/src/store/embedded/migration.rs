//! Migration of a store of version 1: a plain redb file with records without checksums.

use std::path::Path;

use gazette_table::Key;
use redb::backends::FileBackend;
use redb::{Database, ReadableDatabase as _, ReadableTable as _};

use super::new_store::replace;
use super::open_error::OpenError;
use super::record::{decode_unchecked, encode};
use super::transaction::{EXPIRIES, ITEMS};

/// Copies a store of version 1 to one of the current version, which replaces it at the end.
///
/// The old file stays locked until then, so no other process can write to it.
pub(super) fn migrate(path: &Path, old: FileBackend) -> Result<Database, OpenError> {
    let old = Database::builder()
        .create_with_backend(old)
        .map_err(|error| OpenError::failed(path, redb::Error::from(error)))?;
    replace(path, |new| copy(&old, new).map_err(|error| OpenError::failed(path, error)))
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

fn copy(old: &Database, new: &Database) -> Result<(), BoxError> {
    let from = old.begin_read()?;
    let mut transaction = new.begin_write()?;
    transaction.set_quick_repair(true);
    {
        let mut items = transaction.open_table(ITEMS)?;
        let mut expiries = transaction.open_table(EXPIRIES)?;
        for entry in from.open_table(ITEMS)?.iter()? {
            let (key, record) = entry?;
            let (partition, sort) = key.value();
            let item = decode_unchecked(Key::new(partition, sort), record.value())?;
            if let Some(expires_at) = item.expires_at {
                expiries.insert((expires_at, partition, sort), ())?;
            }
            items.insert((partition, sort), encode(item)?.as_slice())?;
        }
    }
    transaction.commit()?;
    Ok(())
}
