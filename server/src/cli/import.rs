//! Imports a folder of Markdown files, an export of WordPress or Ghost, or an export of Gazette.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use gazette_domain::{Limit, OperatorDesk};
use gazette_table::{MemoryTable, Table};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

use super::import_report::{counted, print_report};
use super::operator::Operator;
use super::output::print_line;
use crate::application::operator_desk;
use crate::export::{ImportFileError, import_file};
use crate::images::Images;
use crate::import::{PictureImport, Settings, Source, import_stories};
use crate::store::{DryRunTable, OpenError};

/// Arguments of `import`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Request {
    /// Folder of Markdown files, or an export of WordPress (.xml), Ghost (.json) or Gazette.
    #[arg(required_unless_present_any = ["undo", "list"])]
    path: Option<PathBuf>,
    /// Name of the source, which tells two of them apart [default: the path of the folder or file;
    /// the address of the site for WordPress].
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Overwrites stories that were changed here since they were imported.
    #[arg(long)]
    theirs: bool,
    /// Exits with 0 even if files, stories or lines were refused.
    #[arg(long)]
    lenient: bool,
    /// Reports what would be done, and writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Undoes import number N, except for what was changed since.
    #[arg(long, value_name = "N", conflicts_with = "path")]
    undo: Option<u64>,
    /// Lists the imports with their numbers.
    #[arg(long, conflicts_with_all = ["path", "undo"])]
    list: bool,
}

pub(super) async fn run(mut operator: Operator<'_>, request: &Request) -> Result<()> {
    let now = operator.clock.now();
    // Opened first: a file that cannot be read must not create a store.
    let source = match &request.path {
        Some(path) => Source::open(path, operator.time_zone(), now)?,
        None => None,
    };
    let table = if request.dry_run {
        dry_run_table(&mut operator).await?
    } else if request.path.is_none() {
        operator.open_present().await?
    } else {
        operator.open().await?
    };
    let desk = operator_desk(Arc::clone(&table), &operator.clock);
    let Some(path) = &request.path else {
        return match request.undo {
            Some(number) => undo(&desk, &operator.images().await?, number).await,
            None => list(&desk).await,
        };
    };
    let imported = match source {
        Some(source) => {
            let images = if request.dry_run { None } else { Some(operator.images().await?) };
            import_source(&desk, &source, images, path, request, now).await
        }
        None => import_export(&*table, &desk, path, request).await,
    };
    // A newsroom that was imported, even an empty one, gets no sample stories.
    desk.claim_samples().await?;
    imported
}

async fn undo(desk: &OperatorDesk, images: &Images, number: u64) -> Result<()> {
    let undone = desk.undo_import(number).await?;
    for image in &undone.images {
        images.delete(image).await?;
    }
    for headline in &undone.kept {
        print_line(format_args!("kept {headline}: changed here since it was imported"));
    }
    print_line(format_args!(
        "{} moved to the trash, {} as before, {} kept, {} redirects removed, {} pictures deleted",
        undone.trashed,
        undone.reverted,
        undone.kept.len(),
        undone.redirects,
        undone.images.len()
    ));
    Ok(())
}

async fn list(desk: &OperatorDesk) -> Result<()> {
    for import in desk.imports(Limit::MAX).await? {
        let state = if import.undone_at.is_some() { ", undone" } else { "" };
        print_line(format_args!(
            "{}: {} from {}, {} created, {} updated{state}",
            import.number,
            import.at.strftime("%Y-%m-%d %H:%M UTC"),
            import.source,
            import.created,
            import.updated
        ));
    }
    Ok(())
}

/// Returns a dry-run table over the store, or over an empty table if there is no store.
pub(super) async fn dry_run_table(operator: &mut Operator<'_>) -> Result<Arc<dyn Table>> {
    let base = match operator.open_present().await {
        Ok(table) => table,
        Err(error) => match error.downcast::<OpenError>()? {
            absent @ OpenError::Absent(_) => {
                print_line(format_args!("{absent}. An import would create one there."));
                Arc::new(MemoryTable::new(operator.clock.seconds())) as Arc<dyn Table>
            }
            error => return Err(error.into()),
        },
    };
    print_line("dry run: no changes are saved");
    Ok(Arc::new(DryRunTable::new(base, operator.clock.seconds())))
}

async fn import_source(
    desk: &OperatorDesk,
    source: &Source,
    images: Option<Images>,
    path: &Path,
    request: &Request,
    now: Timestamp,
) -> Result<()> {
    let bar = ProgressBar::new(source.len() as u64);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {pos}/{len}, {eta} left")?);
    let settings = Settings {
        source: request.source.clone().unwrap_or_else(|| source.name()),
        overwrites: request.theirs,
        redirects: source.redirects(),
        now,
    };
    let imported = import_stories(
        desk,
        || source.entries(),
        source.targets(),
        PictureImport::new(source.pictures(), images),
        &settings,
        |done| {
            bar.set_position(done as u64);
        },
    )
    .await;
    bar.finish_and_clear();
    let (report, record) = imported?;
    // The number of a dry run is not taken.
    print_report(&report, record.as_ref().filter(|_| !request.dry_run));
    if report.stories() == 0 {
        bail!("no story could be imported from {}", path.display());
    }
    refuse(report.refused.len(), ["file or story was", "files or stories were"], request)
}

/// Fails if something was refused, unless the import is lenient.
fn refuse(refused: usize, [one, several]: [&str; 2], request: &Request) -> Result<()> {
    if refused == 0 || request.lenient {
        return Ok(());
    }
    let others = if request.dry_run { "would be" } else { "are" };
    bail!(
        "{} refused, the others {others} imported; --lenient exits with 0 all the same",
        counted(refused, one, several)
    )
}

async fn import_export(
    table: &dyn Table,
    desk: &OperatorDesk,
    path: &Path,
    request: &Request,
) -> Result<()> {
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}, {eta} left")?);
    let outcome = import_file(table, desk, path, |read, total| {
        bar.set_length(total);
        bar.set_position(read);
    })
    .await;
    bar.finish_and_clear();
    let outcome = outcome.map_err(|error| with_import_state(error, request.dry_run))?;
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
    refuse(outcome.refused.len(), ["line or day was", "lines or days were"], request)
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
