//! From the table to a file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use gazette_table::{Key, Table};

use crate::export::kind::{self, Kind};
use crate::export::line::{FORMAT, ItemLine, Line};

/// How many items one call of the table reads.
const READ_AT_ONCE: usize = 500;

/// Writes everything but sessions and what else passes by itself, and says how many items it was.
///
/// The file appears whole under its name or not at all. `progress` is told how many items are
/// written.
pub(crate) async fn export_file(
    table: &dyn Table,
    path: &Path,
    mut progress: impl FnMut(usize),
) -> Result<usize> {
    let unfinished = unfinished(path);
    let file = private_file(&unfinished)
        .with_context(|| format!("{} cannot be written", unfinished.display()))?;
    let written = write_all(table, file, &mut progress).await.and_then(|items| {
        std::fs::rename(&unfinished, path)?;
        Ok(items)
    });
    if written.is_err() {
        // What is half there must not be taken for an export.
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
    put(&mut out, &Line::Head { gazette_export: FORMAT })?;
    let mut items = 0;
    let mut after: Option<Key> = None;
    loop {
        let page = table.scan(after.as_ref(), READ_AT_ONCE).await?;
        after = page.items.last().map(|item| item.key.clone());
        for item in page.items {
            let Some(kind) = kind::of(&item.key) else {
                bail!("the store holds {}, which this version does not know", item.key.partition);
            };
            match kind {
                Kind::Story | Kind::Log | Kind::Record => {
                    put(&mut out, &Line::Item(ItemLine::from(item)))?;
                    items += 1;
                }
                Kind::Derived | Kind::Passing => {}
            }
        }
        progress(items);
        if !page.more {
            break;
        }
    }
    put(&mut out, &Line::Foot { items })?;
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(items)
}

fn put(out: &mut impl Write, line: &Line) -> Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    Ok(out.write_all(b"\n")?)
}

/// Makes a file for this user's eyes only: an export holds the hashes of passwords.
fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".unfinished");
    PathBuf::from(name)
}
