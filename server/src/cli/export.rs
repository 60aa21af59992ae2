//! Exports the newsroom to a file, or its stories to a folder.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use super::arguments::STANDARD;
use super::import_report::counted;
use super::operator::Operator;
use super::output::{note_line, print_line};
use crate::application::operator_desk;
use crate::export::{ExportedStories, export_file, export_markdown, export_to};

pub(super) async fn run(
    mut operator: Operator<'_>,
    file: Option<&Path>,
    markdown: Option<&Path>,
) -> Result<()> {
    let table = operator.open_present().await?;
    let bar = ProgressBar::new_spinner();
    let show = |count: usize| bar.set_position(count as u64);
    match (file, markdown) {
        (Some(path), None) => {
            bar.set_style(ProgressStyle::with_template("{spinner} {pos} items")?);
            if path.as_os_str() == STANDARD {
                let items = export_to(&*table, std::io::stdout().lock(), show).await;
                bar.finish_and_clear();
                // Not as a list: a pipe that is closed early has no export.
                let items = items.context("the export on stdout is not complete")?;
                note_line(format_args!("exported {items} items"));
                return Ok(());
            }
            let items = export_file(&*table, path, show).await;
            bar.finish_and_clear();
            print_line(format_args!("exported {} items to {}", items?, path.display()));
        }
        (None, Some(folder)) => {
            bar.set_style(ProgressStyle::with_template("{spinner} {pos} stories")?);
            let desk = operator_desk(Arc::clone(&table), &operator.clock);
            let images = operator.images().await?;
            let exported = export_markdown(&*table, &desk, &images, folder, show).await;
            bar.finish_and_clear();
            let ExportedStories { stories, pictures } = exported?;
            let pictures = match pictures {
                0 => String::new(),
                count => format!(" and {}", counted(count, "picture", "pictures")),
            };
            let folder = folder.display();
            print_line(format_args!("exported {stories} stories{pictures} to {folder}"));
        }
        // The command line asks for exactly one.
        _ => bail!("name a file, or a folder with --markdown"),
    }
    Ok(())
}
