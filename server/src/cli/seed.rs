//! Fills the store with sample stories.

use anyhow::{Result, bail};
use gazette_domain::SystemTask;

use super::operator::Operator;
use super::output::print_line;
use crate::application::operator_desk;
use crate::samples;

pub(super) async fn run(
    mut operator: Operator<'_>,
    stories: Option<u32>,
    seed: u64,
    force: bool,
) -> Result<()> {
    let table = operator.open().await?;
    let desk = operator_desk(table, &operator.clock);
    if !force && !desk.is_empty().await? {
        bail!("the store is not empty; use --force to add the stories anyway");
    }
    let stories = stories.map_or(Ok(samples::count()), usize::try_from)?;
    let inputs = samples::stories(stories, seed, operator.clock.now());
    let count = desk.publish_all(SystemTask::Setup, inputs).await?;
    print_line(format_args!("published {count} sample stories"));
    Ok(())
}
