//! Imports a folder of Markdown files, or an export.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use gazette_domain::OperatorDesk;
use gazette_table::{MemoryTable, Table};
use indicatif::{ProgressBar, ProgressStyle};

use super::output::say;
use crate::application::{open_present_table, open_table, operator_desk};
use crate::clock::Clock;
use crate::config::Config;
use crate::export::{ImportFileError, import_file};
use crate::import::import_folder;
use crate::store::{DryRunTable, OpenError};

pub(super) async fn run(config: &Config, path: &Path, dry_run: bool) -> Result<()> {
    let clock = Clock::system();
    let table = if dry_run {
        dry_run_table(config, &clock).await?
    } else {
        open_table(&config.store, &clock).await?
    };
    let desk = operator_desk(Arc::clone(&table), &clock);
    if path.is_file() {
        return export(&*table, &desk, path, dry_run).await;
    }
    folder(&desk, path).await
}

/// The store as it is, or an empty one where there is none, on which nothing that is written lasts.
async fn dry_run_table(config: &Config, clock: &Clock) -> Result<Arc<dyn Table>> {
    let base = match open_present_table(&config.store, clock).await {
        Err(absent @ OpenError::Absent(_)) => {
            say(format_args!("{absent} An import would make one there"));
            Arc::new(MemoryTable::new(clock.seconds())) as Arc<dyn Table>
        }
        opened => opened?,
    };
    say("nothing is written: this is what an import would come to");
    Ok(Arc::new(DryRunTable::new(base, clock.seconds())))
}

async fn folder(desk: &OperatorDesk, path: &Path) -> Result<()> {
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
        say(format_args!("refused {}: {}", refused.file, refused.reason));
    }
    say(format_args!(
        "{} created, {} updated, {} unchanged, {} in the trash, {} refused",
        outcome.created,
        outcome.updated,
        outcome.unchanged,
        outcome.in_trash,
        outcome.refused.len()
    ));
    if outcome.created + outcome.updated + outcome.unchanged + outcome.in_trash == 0 {
        bail!("no story came in from {}", path.display());
    }
    Ok(())
}

async fn export(table: &dyn Table, desk: &OperatorDesk, path: &Path, dry_run: bool) -> Result<()> {
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}, {eta} left")?);
    let outcome = import_file(table, desk, path, |read, total| {
        bar.set_length(total);
        bar.set_position(read);
    })
    .await;
    bar.finish_and_clear();
    let outcome = outcome.map_err(|error| with_what_stays(error, dry_run))?;
    for refused in &outcome.refused {
        say(format_args!("refused {refused}"));
    }
    say(format_args!(
        "{} created, {} updated, {} unchanged, {} newer here, {} refused",
        outcome.created,
        outcome.updated,
        outcome.unchanged,
        outcome.kept,
        outcome.refused.len()
    ));
    Ok(())
}

/// Says of a file that is cut off what became of its beginning.
fn with_what_stays(error: ImportFileError, dry_run: bool) -> anyhow::Error {
    let is_cut_off = matches!(error, ImportFileError::CutOff(_));
    let error = anyhow::Error::new(error);
    match (is_cut_off, dry_run) {
        (false, _) => error,
        (true, false) => error.context("what came in so far stays"),
        (true, true) => error.context("nothing was written"),
    }
}
