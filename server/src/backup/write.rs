//! Writing a backup.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use gazette_table::{Key, Snapshot, Table};
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::mpsc;

use super::archive::Archive;
use super::entry::{Entry, FORMAT, MAX_KEY_FILE_BYTES, POOL_KEYS, SESSION_KEY, is_key_name};
use crate::clock::Clock;
use crate::export::ItemLine;
use crate::images::Images;

/// Items that one read returns.
const ITEMS_PER_READ: usize = 100;
/// Size from which on items begin a new file.
const PART_BYTES: usize = 1024 * 1024;

/// Writes backups; cheap to clone.
#[derive(Clone)]
pub(crate) struct Backup {
    table: Arc<dyn Table>,
    /// `None` if the pictures are kept elsewhere than in the data folder.
    images: Option<Images>,
    data_folder: PathBuf,
}

impl Backup {
    /// Makes backups of a table, of pictures and of the keys in a data folder.
    pub(crate) fn new(table: Arc<dyn Table>, images: Option<Images>, data_folder: &Path) -> Self {
        Self { table, images, data_folder: data_folder.to_owned() }
    }

    /// Sends the parts of a backup: the state of the store at one moment, and every picture of then.
    ///
    /// # Errors
    /// When something cannot be read, or the receiver is gone.
    pub(crate) async fn write(&self, out: &mpsc::Sender<Bytes>) -> Result<()> {
        // First: a picture of the snapshot must not be deleted before it is copied.
        let _held = self.images.as_ref().map(Images::hold_deletions);
        let Some(snapshot) = self.table.snapshot()? else {
            bail!(
                "this store cannot be backed up like this; `gazette export` works with every one"
            );
        };
        let now = Clock::system().now();
        let mut archive = Archive::new(out, now.as_second());
        archive.add(&Entry::First, first(now).into()).await?;
        self.add_keys(&mut archive).await?;
        add_items(&mut archive, &*snapshot).await?;
        drop(snapshot);
        if let Some(images) = &self.images {
            add_images(&mut archive, images).await?;
        }
        archive.finish().await
    }

    async fn add_keys(&self, archive: &mut Archive<'_>) -> Result<()> {
        if let Some(key) = read_key(&self.data_folder.join(SESSION_KEY))? {
            archive.add(&Entry::SessionKey, key).await?;
        }
        let folder = self.data_folder.join(POOL_KEYS);
        let files = match std::fs::read_dir(&folder) {
            Ok(files) => files,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error).with_context(|| folder.display().to_string()),
        };
        for file in files {
            let name = file?.file_name().to_string_lossy().into_owned();
            if is_key_name(&name)
                && let Some(key) = read_key(&folder.join(&name))?
            {
                archive.add(&Entry::PoolKey(name), key).await?;
            }
        }
        Ok(())
    }
}

fn first(now: Timestamp) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let first = json!({ "gazette_backup": FORMAT, "gazette": version, "at": now.to_string() });
    format!("{first}\n")
}

/// Reads the file of a key; `None` if there is none.
fn read_key(path: &Path) -> Result<Option<Bytes>> {
    let read = || match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_file() && found.len() <= MAX_KEY_FILE_BYTES => {
            std::fs::read(path).map(|bytes| Some(bytes.into()))
        }
        Ok(_) => Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    read().with_context(|| format!("cannot read {}", path.display()))
}

async fn add_items(archive: &mut Archive<'_>, snapshot: &dyn Snapshot) -> Result<()> {
    let mut after: Option<Key> = None;
    let mut part = Vec::new();
    let mut number = 0;
    loop {
        let page = snapshot.scan(after.as_ref(), ITEMS_PER_READ)?;
        after = page.items.last().map(|item| item.key.clone());
        for item in page.items {
            serde_json::to_writer(&mut part, &ItemLine::from(item))?;
            part.push(b'\n');
            if part.len() >= PART_BYTES {
                let full = std::mem::take(&mut part);
                archive.add(&Entry::Store(number), full.into()).await?;
                number += 1;
            }
        }
        if !page.more {
            return archive.add(&Entry::Store(number), part.into()).await;
        }
    }
}

async fn add_images(archive: &mut Archive<'_>, images: &Images) -> Result<()> {
    let mut after = None;
    loop {
        let names = images.list(after).await?;
        let Some(last) = names.last() else { return Ok(()) };
        after = Some(*last);
        for name in names {
            if let Some(bytes) = images.get(name).await? {
                archive.add(&Entry::Image(name), bytes).await?;
            }
        }
    }
}
