//! Imports a folder of Markdown files.

use std::path::Path;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use super::output::say;
use crate::application::{news_desk, open_table};
use crate::clock::Clock;
use crate::config::Config;
use crate::import::import_folder;

pub(super) async fn run(config: &Config, path: &Path) -> Result<()> {
    if path.is_file() {
        bail!("{} is a file; name the folder that it lies in", path.display());
    }
    let clock = Clock::system();
    let table = open_table(&config.store, &clock).await?;
    let desk = news_desk(config, table, &clock);
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {pos}/{len} stories, {eta} left")?);
    let outcome = import_folder(&desk, path, |done, total| {
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
