//! A folder of Markdown files.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::export::markdown::file::{file_name, file_part, file_text};
use crate::import::{SourceStory, picture_links, with_urls};

/// The file of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Name of the file, the same for the same picture.
    pub name: String,
    /// Content of the file.
    pub bytes: Vec<u8>,
}

/// An export that is being written.
#[derive(Debug)]
pub(crate) struct MarkdownExport {
    folder: PathBuf,
    /// Names of files that were written.
    files: HashSet<String>,
    /// Number of stories.
    pub(crate) stories: usize,
    /// Number of pictures.
    pub(crate) pictures: usize,
}

impl MarkdownExport {
    /// Begins an export into a folder that is empty or does not exist.
    ///
    /// # Errors
    /// The folder has files, or cannot be written.
    pub(crate) fn begin(folder: &Path) -> Result<Self> {
        match fs::read_dir(folder) {
            Ok(mut entries) => {
                if entries.next().is_some() {
                    bail!("{} is not empty; name a new or empty folder", folder.display());
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                fs::create_dir_all(folder)
                    .with_context(|| format!("cannot create {}", folder.display()))?;
            }
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", folder.display()));
            }
        }
        let files = HashSet::new();
        Ok(Self { folder: folder.to_owned(), files, stories: 0, pictures: 0 })
    }

    /// Writes the file of a story, and beside it the pictures that it shows.
    ///
    /// `picture` returns the file of a picture on this site, or `None` if its URL stays.
    ///
    /// # Errors
    /// The error of the system, or of `picture`.
    pub(crate) fn add(
        &mut self,
        story: &SourceStory,
        mut picture: impl FnMut(&str) -> Result<Option<Picture>>,
    ) -> Result<()> {
        let (year, name) = file_name(story);
        fs::create_dir_all(self.folder.join(&year))?;
        let mut story = story.clone();
        let mut names = HashMap::new();
        for url in local_pictures(&story) {
            if let Some(picture) = picture(&url)? {
                names.insert(url, self.write_picture(&year, &picture)?);
            }
        }
        story.body = with_names(&story.body, &names);
        if let Some(image) = &mut story.image
            && let Some(name) = names.get(&image.url)
        {
            image.url.clone_from(name);
        }
        let file = self.free_name(&year, &name);
        let text = file_text(&story).with_context(|| format!("cannot write {file}"))?;
        self.write(&file, text.as_bytes())?;
        self.stories += 1;
        Ok(())
    }

    fn write_picture(&mut self, year: &str, picture: &Picture) -> Result<String> {
        let name = file_part(&picture.name);
        let file = format!("{year}/{name}");
        if self.files.insert(file.clone()) {
            self.write(&file, &picture.bytes)?;
            self.pictures += 1;
        }
        Ok(name)
    }

    /// Returns a name that no file has, on file systems without upper case either.
    fn free_name(&mut self, year: &str, name: &str) -> String {
        let mut number = 1_usize;
        loop {
            let end = if number == 1 { String::new() } else { format!("-{number}") };
            let file = format!("{year}/{name}{end}.md");
            if self.files.insert(file.to_lowercase()) {
                return file;
            }
            number += 1;
        }
    }

    /// Writes a file that only this user can read: drafts are among them.
    fn write(&self, file: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(file);
        let written = fs::File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut opened| opened.write_all(bytes));
        written.with_context(|| format!("cannot write {}", path.display()))
    }
}

/// Returns the paths of a story's pictures on this site.
pub(crate) fn local_pictures(story: &SourceStory) -> BTreeSet<String> {
    let links = picture_links(&story.body).into_iter().map(|link| link.url);
    let urls = links.chain(story.image.iter().map(|image| image.url.clone()));
    let is_local = |url: &String| url.starts_with('/') && !url.starts_with("//");
    urls.filter(is_local).collect()
}

/// Replaces the URLs of pictures by the names of their files.
fn with_names(body: &str, names: &HashMap<String, String>) -> String {
    let links = picture_links(body).into_iter();
    let urls = links.filter_map(|link| Some((link.range, names.get(&link.url)?.clone())));
    with_urls(body, &urls.collect::<Vec<_>>())
}
