//! The stories of a table as Markdown files.

use std::path::Path;

use anyhow::Result;
use gazette_domain::current_story;
use gazette_table::{Key, Table};

use crate::export::markdown::{MarkdownExport, source_story_of};

/// The number of items that one call of the table reads.
const ITEMS_PER_READ: usize = 200;

/// Writes the stories outside of the trash to an empty or new folder and returns their number.
///
/// `progress` receives the number of stories written so far.
pub(crate) async fn export_markdown(
    table: &dyn Table,
    folder: &Path,
    mut progress: impl FnMut(usize),
) -> Result<usize> {
    let mut export = MarkdownExport::begin(folder)?;
    let mut after: Option<Key> = None;
    loop {
        let page = table.scan(after.as_ref(), ITEMS_PER_READ).await?;
        after = page.items.last().map(|item| item.key.clone());
        for item in &page.items {
            let Some(story) = current_story(item).transpose()? else { continue };
            if story.trashed.is_none() {
                // Pictures and former addresses are not stored yet.
                export.add(&source_story_of(&story, Vec::new()), |_| Ok(None))?;
            }
        }
        progress(export.stories);
        if !page.more {
            return Ok(export.stories);
        }
    }
}
