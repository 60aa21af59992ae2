//! Export of a table to a file.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use gazette_table::{Export, Key, Table};

use crate::export::line::{FORMAT, ItemLine, Line};
use crate::export::partitions::export_of;

/// The number of items that one call of the table reads.
const ITEMS_PER_READ: usize = 500;

/// Writes all lasting items to a file and returns their number.
///
/// The file appears complete or not at all. `progress` receives the number of items written so
/// far.
pub(crate) async fn export_file(
    table: &dyn Table,
    path: &Path,
    mut progress: impl FnMut(usize),
) -> Result<usize> {
    let unfinished = unfinished(path);
    let file = private_file(&unfinished)
        .with_context(|| format!("cannot write {}", unfinished.display()))?;
    let written = write_all(table, file, &mut progress).await.and_then(|items| {
        std::fs::rename(&unfinished, path)?;
        // The new name is durable only after the folder was synced.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(items)
    });
    if written.is_err() {
        // An incomplete file must not be mistaken for an export.
        let _ = std::fs::remove_file(&unfinished);
    }
    written.with_context(|| format!("nothing was exported to {}", path.display()))
}

async fn write_all(
    table: &dyn Table,
    file: File,
    progress: &mut impl FnMut(usize),
) -> Result<usize> {
    let mut out = BufWriter::new(file);
    write_line(&mut out, &Line::Head { gazette_export: FORMAT })?;
    let mut items = 0;
    let mut after: Option<Key> = None;
    loop {
        let page = table.scan(after.as_ref(), ITEMS_PER_READ).await?;
        after = page.items.last().map(|item| item.key.clone());
        for item in page.items {
            let Some(export) = export_of(&item.key) else {
                bail!("unknown partition {}: this version cannot export it", item.key.partition);
            };
            match export {
                Export::Record | Export::ByOwner => {
                    write_line(&mut out, &Line::Item(ItemLine::from(item)))?;
                    items += 1;
                }
                Export::Derived | Export::Transient => {}
            }
        }
        progress(items);
        if !page.more {
            break;
        }
    }
    write_line(&mut out, &Line::Foot { items })?;
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(items)
}

fn write_line(out: &mut impl Write, line: &Line) -> Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    Ok(out.write_all(b"\n")?)
}

/// Creates a file that only this user can read: an export has password hashes.
fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true).mode(0o600);
    match options.open(path) {
        // Left over from an export that was killed, and perhaps readable for others.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            std::fs::remove_file(path)?;
            options.open(path)
        }
        opened => opened,
    }
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".unfinished");
    PathBuf::from(name)
}
