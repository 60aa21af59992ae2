//! Exports the newsroom to a file, or its stories to a folder.

use std::path::Path;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use super::output::print_line;
use crate::clock::Clock;
use crate::config::Config;
use crate::export::{export_file, export_markdown};
use crate::store::open_present_table;

pub(super) async fn run(
    config: &Config,
    file: Option<&Path>,
    markdown: Option<&Path>,
) -> Result<()> {
    let table = open_present_table(&config.store, &Clock::system()).await?;
    let bar = ProgressBar::new_spinner();
    let show = |count: usize| bar.set_position(count as u64);
    match (file, markdown) {
        (Some(path), None) => {
            bar.set_style(ProgressStyle::with_template("{spinner} {pos} items")?);
            let items = export_file(&*table, path, show).await;
            bar.finish_and_clear();
            print_line(format_args!("exported {} items to {}", items?, path.display()));
        }
        (None, Some(folder)) => {
            bar.set_style(ProgressStyle::with_template("{spinner} {pos} stories")?);
            let stories = export_markdown(&*table, folder, show).await;
            bar.finish_and_clear();
            print_line(format_args!("exported {} stories to {}", stories?, folder.display()));
        }
        // The command line asks for exactly one.
        _ => bail!("name a file, or a folder with --markdown"),
    }
    Ok(())
}
