//! Export of a table to a file.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use gazette_table::{Export, Key, Table};

use crate::export::line::{FORMAT, ItemLine, Line};
use crate::export::partitions::export_of;
use crate::unfinished::UnfinishedFile;

/// The number of items that one call of the table reads.
const ITEMS_PER_READ: usize = 500;

/// Writes all lasting items to a file and returns their number.
///
/// The file appears complete or not at all. `progress` receives the number of items written so
/// far.
pub(crate) async fn export_file(
    table: &dyn Table,
    path: &Path,
    progress: impl FnMut(usize),
) -> Result<usize> {
    let mut out = UnfinishedFile::create(path)?;
    let items = export_to(table, out.file(), progress)
        .await
        .with_context(|| format!("nothing was exported to {}", path.display()))?;
    out.finish()?;
    Ok(items)
}

/// Writes all lasting items and returns their number, as [`export_file`] does.
pub(crate) async fn export_to(
    table: &dyn Table,
    out: impl Write,
    mut progress: impl FnMut(usize),
) -> Result<usize> {
    let mut out = BufWriter::new(out);
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
    out.flush()?;
    Ok(items)
}

fn write_line(out: &mut impl Write, line: &Line) -> Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    Ok(out.write_all(b"\n")?)
}
