//! Exports the newsroom to a file.

use std::path::Path;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};

use super::output::print_line;
use crate::clock::Clock;
use crate::config::Config;
use crate::export::export_file;
use crate::store::open_present_table;

pub(super) async fn run(config: &Config, path: &Path) -> Result<()> {
    let table = open_present_table(&config.store, &Clock::system()).await?;
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {pos} items")?);
    let items = export_file(&*table, path, |items| bar.set_position(items as u64)).await;
    bar.finish_and_clear();
    print_line(format_args!("exported {} items to {}", items?, path.display()));
    Ok(())
}
