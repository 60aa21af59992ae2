//! Import of a folder of Markdown files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use gazette_domain::{DeskError, OperatorDesk, Published, Slug, StoryInput, SystemTask};

use crate::import::links::{MAX_NAME_BYTES, has_unresolved_links, resolve_links};
use crate::import::split::split;
use crate::markdown;

/// Maximum size of a file, in bytes.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The result of an import.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// New stories.
    pub created: usize,
    /// Changed stories.
    pub updated: usize,
    /// Unchanged stories.
    pub unchanged: usize,
    /// Stories that are in the trash and stay there.
    pub in_trash: usize,
    /// Files that were not imported.
    pub refused: Vec<RefusedFile>,
}

/// A file that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefusedFile {
    /// Path within the folder.
    pub file: String,
    /// The reason, on one line.
    pub reason: String,
}

/// The reason an import stopped; stories imported before stay.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportFolderError {
    /// The folder cannot be read.
    #[error("cannot read {path}")]
    Folder {
        /// Path of the folder.
        path: String,
        /// Error of the system.
        source: std::io::Error,
    },
    /// The store failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

/// The story of a file.
struct FileStory {
    file: String,
    input: StoryInput,
}

/// Imports every Markdown file below `folder`. A second import updates the stories.
///
/// `progress` receives the number of stories done and their total.
pub(crate) async fn import_folder(
    desk: &OperatorDesk,
    folder: &Path,
    mut progress: impl FnMut(usize, usize),
) -> Result<Outcome, ImportFolderError> {
    let mut outcome = Outcome::default();
    let mut stories = Vec::new();
    let files = markdown_files(folder)?;
    let titles = section_titles(folder, &files);
    for file in &files {
        match read_story(folder, file, &titles) {
            Ok(story) => stories.push(story),
            Err(reason) => outcome.refused.push(RefusedFile { file: relative_name(file), reason }),
        }
    }
    // Oldest first, so that of two stories with the same headline the older one gets the plain slug.
    stories.sort_by(|a, b| (a.input.published_at, &a.file).cmp(&(b.input.published_at, &b.file)));
    publish_all(desk, stories, &mut outcome, &mut progress).await?;
    Ok(outcome)
}

async fn publish_all(
    desk: &OperatorDesk,
    stories: Vec<FileStory>,
    outcome: &mut Outcome,
    progress: &mut impl FnMut(usize, usize),
) -> Result<(), ImportFolderError> {
    let total = stories.len();
    let mut slugs = HashMap::new();
    let mut unresolved = Vec::new();
    for (done, mut story) in stories.into_iter().enumerate() {
        let original = story.input.body.clone();
        story.input.body = resolve_links(desk, &original, &mut slugs).await?;
        let has_unresolved = has_unresolved_links(&story.input.body);
        if let Some(slug) = publish(desk, &story, outcome).await? {
            slugs.insert(story.file.clone(), slug);
        }
        if has_unresolved {
            unresolved.push(story);
        }
        progress(done + 1, total);
    }
    // Links to stories that were imported later can be resolved now.
    for mut story in unresolved {
        let resolved = resolve_links(desk, &story.input.body, &mut slugs).await?;
        if resolved != story.input.body {
            story.input.body = resolved;
            let mut again = Outcome::default();
            publish(desk, &story, &mut again).await?;
            outcome.refused.append(&mut again.refused);
        }
    }
    Ok(())
}

async fn publish(
    desk: &OperatorDesk,
    story: &FileStory,
    outcome: &mut Outcome,
) -> Result<Option<Slug>, ImportFolderError> {
    let mut refuse = |reason: String| {
        outcome.refused.push(RefusedFile { file: story.file.clone(), reason });
        Ok(None)
    };
    if let Err(error) = markdown::check(&story.input.body) {
        return refuse(format!("body: {error}"));
    }
    let published = match desk.publish(SystemTask::Import, story.input.clone()).await {
        Ok(published) => published,
        Err(error @ DeskError::Unacceptable(_)) => return refuse(error.to_string()),
        Err(error) => return Err(ImportFolderError::Desk(error)),
    };
    match &published {
        Published::Created(_) => outcome.created += 1,
        Published::Updated(_) => outcome.updated += 1,
        Published::Unchanged(_) => outcome.unchanged += 1,
        Published::InTrash(_) => outcome.in_trash += 1,
    }
    Ok(Some(published.teaser().slug.clone()))
}

fn markdown_files(folder: &Path) -> Result<Vec<PathBuf>, ImportFolderError> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        let path = folder.join(&inner);
        let failed =
            |source| ImportFolderError::Folder { path: path.display().to_string(), source };
        for entry in std::fs::read_dir(&path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = inner.join(entry.file_name());
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                folders.push(name);
            } else if kind.is_file() && name.extension().is_some_and(|ending| ending == "md") {
                files.push(name);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Returns the titles of folders, which Zola keeps in `_index.md`.
fn section_titles(folder: &Path, files: &[PathBuf]) -> HashMap<PathBuf, String> {
    let indexes = files.iter().filter(|file| file.ends_with("_index.md"));
    indexes
        .filter_map(|file| {
            let text = read(folder, file).ok()?;
            let (head, _) = split(&text).ok()?;
            Some((file.parent()?.to_owned(), head.title?))
        })
        .collect()
}

fn read_story(
    folder: &Path,
    file: &Path,
    titles: &HashMap<PathBuf, String>,
) -> Result<FileStory, String> {
    if file.ends_with("_index.md") {
        return Err("the index page of a section, not a story".to_owned());
    }
    if relative_name(file).len() > MAX_NAME_BYTES {
        return Err(format!("the path has more than {MAX_NAME_BYTES} bytes"));
    }
    let text = read(folder, file)?;
    let (head, body) = split(&text).map_err(|error| error.to_string())?;
    let input = head.into_input(file, relative_name(file), body, titles)?;
    Ok(FileStory { file: relative_name(file), input })
}

fn read(folder: &Path, file: &Path) -> Result<String, String> {
    let path = folder.join(file);
    let size = std::fs::metadata(&path).map_err(|error| error.to_string())?.len();
    if size > MAX_FILE_BYTES {
        return Err(format!("the file has {size} bytes; at most {MAX_FILE_BYTES} are read"));
    }
    let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "the file is not UTF-8 text".to_owned())
}

fn relative_name(file: &Path) -> String {
    file.to_string_lossy().replace('\\', "/")
}
