//! Fills the store with sample stories.

use anyhow::{Result, bail};

use super::output::print_line;
use crate::application::operator_desk;
use crate::clock::Clock;
use crate::config::Config;
use crate::samples;
use crate::store::open_table;

pub(super) async fn run(
    config: &Config,
    stories: Option<u32>,
    seed: u64,
    force: bool,
) -> Result<()> {
    let clock = Clock::system();
    let table = open_table(&config.store, &clock).await?;
    let desk = operator_desk(table, &clock);
    if !force && !desk.is_empty().await? {
        bail!("the store is not empty; use --force to add the stories anyway");
    }
    let stories = stories.map_or(Ok(samples::count()), usize::try_from)?;
    let inputs = samples::stories(stories, seed, clock.now());
    let count = samples::publish(&desk, inputs).await?;
    print_line(format_args!("published {count} sample stories"));
    Ok(())
}
