//! Imports a folder of Markdown files, or an export.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use gazette_domain::OperatorDesk;
use gazette_table::{MemoryTable, Table};
use indicatif::{ProgressBar, ProgressStyle};

use super::output::print_line;
use crate::application::operator_desk;
use crate::clock::Clock;
use crate::config::Config;
use crate::export::{ImportFileError, import_file};
use crate::import::import_folder;
use crate::store::{DryRunTable, OpenError, open_present_table, open_table};

pub(super) async fn run(config: &Config, path: &Path, dry_run: bool) -> Result<()> {
    let clock = Clock::system();
    let table = if dry_run {
        dry_run_table(config, &clock).await?
    } else {
        open_table(&config.store, &clock).await?
    };
    let desk = operator_desk(Arc::clone(&table), &clock);
    if path.is_file() {
        import_export(&*table, &desk, path, dry_run).await?;
    } else {
        import_markdown(&desk, path).await?;
    }
    // A newsroom that was imported, even an empty one, gets no sample stories.
    desk.claim_samples().await?;
    Ok(())
}

/// Returns a dry-run table over the store, or over an empty table if there is no store.
pub(super) async fn dry_run_table(config: &Config, clock: &Clock) -> Result<Arc<dyn Table>> {
    let base = match open_present_table(&config.store, clock).await {
        Ok(table) => table,
        Err(error) => match error.downcast::<OpenError>()? {
            absent @ OpenError::Absent(_) => {
                print_line(format_args!("{absent}. An import would create one there."));
                Arc::new(MemoryTable::new(clock.seconds())) as Arc<dyn Table>
            }
            error => return Err(error.into()),
        },
    };
    print_line("dry run: no changes are saved");
    Ok(Arc::new(DryRunTable::new(base, clock.seconds())))
}

async fn import_markdown(desk: &OperatorDesk, path: &Path) -> Result<()> {
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {pos}/{len} stories, {eta} left")?);
    let outcome = import_folder(desk, path, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })
    .await;
    bar.finish_and_clear();
    let outcome = outcome?;
    for refused in &outcome.refused {
        print_line(format_args!("refused {}: {}", refused.file, refused.reason));
    }
    print_line(format_args!(
        "{} created, {} updated, {} unchanged, {} in the trash, {} refused",
        outcome.created,
        outcome.updated,
        outcome.unchanged,
        outcome.in_trash,
        outcome.refused.len()
    ));
    if outcome.created + outcome.updated + outcome.unchanged + outcome.in_trash == 0 {
        bail!("no story could be imported from {}", path.display());
    }
    Ok(())
}

async fn import_export(
    table: &dyn Table,
    desk: &OperatorDesk,
    path: &Path,
    dry_run: bool,
) -> Result<()> {
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}, {eta} left")?);
    let outcome = import_file(table, desk, path, |read, total| {
        bar.set_length(total);
        bar.set_position(read);
    })
    .await;
    bar.finish_and_clear();
    let outcome = outcome.map_err(|error| with_import_state(error, dry_run))?;
    for refused in &outcome.refused {
        print_line(format_args!("refused {refused}"));
    }
    print_line(format_args!(
        "{} created, {} updated, {} unchanged, {} newer here, {} refused",
        outcome.created,
        outcome.updated,
        outcome.unchanged,
        outcome.kept,
        outcome.refused.len()
    ));
    Ok(())
}

/// Adds to the error of a truncated file what was imported from its beginning.
fn with_import_state(error: ImportFileError, dry_run: bool) -> anyhow::Error {
    let is_truncated = matches!(error, ImportFileError::CutOff(_));
    let error = anyhow::Error::new(error);
    match (is_truncated, dry_run) {
        (false, _) => error,
        (true, false) => error.context("items imported so far are kept"),
        (true, true) => error.context("nothing was written"),
    }
}
