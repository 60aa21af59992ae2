//! Restoring a backup into an empty data folder.

use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use gazette_table::{Item, Table, Write};
use serde::Deserialize;

use super::entry::{Entry, FORMAT, IMAGES, POOL_KEYS, SESSION_KEY};
use super::read::{ReadError, Reader};
use crate::clock::Clock;
use crate::config::StoreConfig;
use crate::export::ItemLine;
use crate::store::EmbeddedTable;

/// Folder of what is not yet checked, in the data folder.
const UNFINISHED: &str = ".restoring";
/// Text of a batch, in bytes.
const MAX_BATCH_BYTES: usize = 1024 * 1024;

/// Numbers of a restored backup.
#[derive(Debug, Default)]
pub(crate) struct Restored {
    /// Items of the store.
    pub(crate) items: usize,
    /// Files of pictures.
    pub(crate) pictures: usize,
}

#[derive(Deserialize)]
struct First {
    gazette_backup: u32,
}

/// Fails if a restore into the data folder was interrupted, so that no site begins on half of one.
pub(crate) fn refuse_unfinished(store: &StoreConfig) -> Result<()> {
    let unfinished = store.data_dir.join(UNFINISHED);
    if unfinished.exists() && !store.file().exists() {
        let folder = store.data_dir.display();
        bail!("a restore into {folder} was interrupted; empty that folder and restore again");
    }
    Ok(())
}

/// Removes what an unfinished restore wrote. A finished one has its store, and stays.
pub(crate) fn discard_unfinished(store: &StoreConfig) {
    let has_begun = store.data_dir.join(UNFINISHED).exists();
    if !has_begun || store.file().exists() {
        return;
    }
    for name in [UNFINISHED, IMAGES, POOL_KEYS] {
        let _ = fs::remove_dir_all(store.data_dir.join(name));
    }
    let _ = fs::remove_file(store.data_dir.join(SESSION_KEY));
}

/// Restores a backup into a data folder that is empty or does not exist.
///
/// # Errors
/// The folder is not empty, or the backup is damaged. Then nothing is left in the folder.
pub(crate) async fn restore(
    input: impl Read,
    store: &StoreConfig,
    mut progress: impl FnMut(usize),
) -> Result<Restored> {
    let folder = &store.data_dir;
    refuse_unfinished(store)?;
    check_empty(folder)?;
    private_folder(folder, true).with_context(|| format!("cannot create {}", folder.display()))?;
    let unfinished = folder.join(UNFINISHED);
    private_folder(&unfinished, false)
        .with_context(|| format!("cannot create {}", unfinished.display()))?;
    let name = store.file().file_name().map(PathBuf::from).unwrap_or_default();
    let outcome = async {
        let restored = read_all(input, &unfinished, &unfinished.join(&name), &mut progress).await?;
        take_over(&unfinished, folder, &name)?;
        Ok(restored)
    };
    let outcome: Result<Restored> = outcome.await;
    if outcome.is_err() {
        discard_unfinished(store);
    }
    outcome
}

/// Checks that a folder is empty; a new volume has `lost+found`.
fn check_empty(folder: &Path) -> Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", folder.display()));
        }
    };
    for entry in entries {
        if entry?.file_name() != "lost+found" {
            let folder = folder.display();
            bail!(
                "{folder} is not empty; restore into a new or empty folder (GAZETTE_DATA_DIR), or \
                 move that one away"
            );
        }
    }
    Ok(())
}

fn private_folder(path: &Path, recursive: bool) -> std::io::Result<()> {
    DirBuilder::new().recursive(recursive).mode(0o700).create(path)
}

/// Reads a whole backup into the unfinished folder, and checks it.
async fn read_all(
    input: impl Read,
    folder: &Path,
    file: &Path,
    progress: &mut impl FnMut(usize),
) -> Result<Restored> {
    let mut reader = Reader::new(input);
    let table = EmbeddedTable::open(file, Clock::system().seconds())?;
    let mut restored = Restored::default();
    while let Some((entry, content)) = reader.next()? {
        match &entry {
            Entry::First => check_format(&content)?,
            Entry::Store(_) => {
                restored.items += add_items(&table, &content).await?;
                progress(restored.items);
            }
            Entry::SessionKey | Entry::PoolKey(_) => write(&folder.join(entry.path()), &content)?,
            Entry::Image(_) => {
                write(&folder.join(entry.path()), &content)?;
                restored.pictures += 1;
            }
            Entry::Last => {}
        }
    }
    Ok(restored)
}

fn check_format(content: &[u8]) -> Result<()> {
    let First { gazette_backup } =
        serde_json::from_slice(content).map_err(|_| ReadError::NotABackup)?;
    if gazette_backup != FORMAT {
        bail!(
            "it has format {gazette_backup}, but this gazette knows format {FORMAT}; update gazette"
        );
    }
    Ok(())
}

/// Writes the items of a part, in batches.
async fn add_items(table: &EmbeddedTable, content: &[u8]) -> Result<usize> {
    let (mut batch, mut bytes, mut items) = (Vec::new(), 0, 0);
    for line in content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let item: ItemLine = serde_json::from_slice(line)
            .map_err(|_| ReadError::Damaged("an item cannot be read"))?;
        if batch.len() == table.max_batch() || bytes + line.len() > MAX_BATCH_BYTES {
            flush(table, &mut batch).await?;
            bytes = 0;
        }
        batch.push(Write::put(Item::from(item)));
        bytes += line.len();
        items += 1;
    }
    flush(table, &mut batch).await?;
    Ok(items)
}

async fn flush(table: &EmbeddedTable, batch: &mut Vec<Write>) -> Result<()> {
    if !batch.is_empty() {
        table.write(std::mem::take(batch)).await?;
    }
    Ok(())
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    let written = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            private_folder(folder, true)?;
        }
        let mut file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(content)?;
        file.sync_all()
    };
    written().with_context(|| format!("cannot write {}", path.display()))
}

/// Moves what was checked to its place. The store comes last: without it no site starts.
fn take_over(unfinished: &Path, folder: &Path, store: &Path) -> Result<()> {
    for name in [Path::new(IMAGES), Path::new(POOL_KEYS), Path::new(SESSION_KEY), store] {
        match fs::rename(unfinished.join(name), folder.join(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound && name != store => {}
            moved => moved.with_context(|| format!("cannot move {}", name.display()))?,
        }
    }
    File::open(folder)?.sync_all()?;
    fs::remove_dir_all(unfinished)?;
    Ok(())
}
