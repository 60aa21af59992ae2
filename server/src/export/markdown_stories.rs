//! The stories of a table as Markdown files.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Result;
use gazette_domain::{DeskError, ImageName, OperatorDesk, current_story};
use gazette_table::{Key, Table};

use crate::export::markdown::{MarkdownExport, Picture, local_pictures, source_story_of};
use crate::images::{ImageStoreError, Images};
use crate::import::SourceStory;

/// The number of items that one call of the table reads.
const ITEMS_PER_READ: usize = 200;

/// Numbers of exported files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ExportedStories {
    /// Number of stories.
    pub(crate) stories: usize,
    /// Number of files of pictures.
    pub(crate) pictures: usize,
}

/// Writes the stories outside of the trash to an empty or new folder, with their pictures.
///
/// `progress` receives the number of stories written so far.
pub(crate) async fn export_markdown(
    table: &dyn Table,
    desk: &OperatorDesk,
    images: &Images,
    folder: &Path,
    mut progress: impl FnMut(usize),
) -> Result<ExportedStories> {
    let mut export = MarkdownExport::begin(folder)?;
    let mut old_paths = old_paths(desk).await?;
    let mut after: Option<Key> = None;
    loop {
        let page = table.scan(after.as_ref(), ITEMS_PER_READ).await?;
        after = page.items.last().map(|item| item.key.clone());
        for item in &page.items {
            let Some(story) = current_story(item).transpose()? else { continue };
            if story.trashed.is_none() {
                let old_paths = old_paths.remove(&story.teaser.path()).unwrap_or_default();
                let story = source_story_of(&story, old_paths);
                let mut pictures = pictures(&story, images).await?;
                export.add(&story, |url| Ok(pictures.remove(url)))?;
            }
        }
        progress(export.stories);
        if !page.more {
            return Ok(ExportedStories { stories: export.stories, pictures: export.pictures });
        }
    }
}

/// Reads the files of a story's pictures, by their URL.
async fn pictures(
    story: &SourceStory,
    images: &Images,
) -> Result<HashMap<String, Picture>, ImageStoreError> {
    let mut pictures = HashMap::new();
    for url in local_pictures(story) {
        let Some(name) = ImageName::of_path(&url) else { continue };
        if let Some(bytes) = images.get(name).await? {
            pictures.insert(url, Picture { name: name.to_string(), bytes: bytes.into() });
        }
    }
    Ok(pictures)
}

/// Returns the old addresses of which redirects lead to a path of this site, by that path.
async fn old_paths(desk: &OperatorDesk) -> Result<HashMap<String, Vec<String>>, DeskError> {
    let mut paths: HashMap<String, Vec<String>> = HashMap::new();
    let mut after = None;
    loop {
        let page = desk.redirects(after.as_deref()).await?;
        for item in page.items {
            if let Some(to) = item.to {
                paths.entry(to).or_default().push(item.redirect.from.to_string());
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(paths);
        }
    }
}
