//! Sources of stories: a folder of Markdown files, or the export of another system.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::import::entry::Entry;
use crate::import::folder::{Folder, FolderError};
use crate::import::ghost::{Ghost, SourceRedirects, redirects_beside};
use crate::import::links::Targets;
use crate::import::picture_files::PictureFiles;
use crate::import::source_kind::{SourceKind, source_kind};
use crate::import::source_story::{Refused, SourceStory};
use crate::import::wordpress::WordPress;

/// A source of stories.
#[derive(Debug)]
pub(crate) enum Source {
    /// Markdown files.
    Folder(Folder),
    /// A file of WordPress.
    WordPress(PathBuf, WordPress),
    /// A file of Ghost.
    Ghost(PathBuf, Ghost),
}

/// The source cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    /// The folder cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The file cannot be read.
    #[error("cannot read {path}")]
    File {
        /// Path of the file.
        path: String,
        /// The reason.
        source: std::io::Error,
    },
    /// The file is not an export that can be read.
    #[error("{path} {reason}")]
    Unknown {
        /// Path of the file.
        path: String,
        /// The reason.
        reason: &'static str,
    },
}

impl Source {
    /// Opens a source; `None` for an export of Gazette.
    ///
    /// # Errors
    /// When the file or folder cannot be read, or is not a source.
    pub(crate) fn open(
        path: &Path,
        zone: TimeZone,
        now: Timestamp,
    ) -> Result<Option<Self>, SourceError> {
        if !path.is_file() {
            return Ok(Some(Self::Folder(Folder::open(path, zone, now)?)));
        }
        let name = || path.display().to_string();
        let failed = |source| SourceError::File { path: name(), source };
        Ok(Some(match source_kind(path).map_err(failed)? {
            SourceKind::WordPress => {
                Self::WordPress(path.to_owned(), WordPress::open(path, zone).map_err(failed)?)
            }
            SourceKind::Ghost => Self::Ghost(path.to_owned(), Ghost::open(path).map_err(failed)?),
            SourceKind::Unknown(reason) => {
                return Err(SourceError::Unknown { path: name(), reason });
            }
            SourceKind::Gazette => return Ok(None),
        }))
    }

    /// Returns the name of the source: the address of a WordPress site, which every export of it
    /// has, else the path of the file or folder.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.name(),
            Self::WordPress(path, export) => {
                site_name(export.site_url()).unwrap_or_else(|| canonical(path))
            }
            Self::Ghost(path, _) => canonical(path),
        }
    }

    /// Returns an empty set of stories to which links of this site may lead.
    pub(crate) fn targets(&self) -> Targets {
        match self {
            Self::Folder(folder) => folder.targets(),
            Self::WordPress(_, export) => Targets::of_url(export.site_url()),
            Self::Ghost(..) => Targets::of_url(""),
        }
    }

    /// Returns where the files of pictures are.
    pub(crate) fn pictures(&self) -> PictureFiles {
        match self {
            Self::Folder(folder) => folder.pictures(),
            Self::WordPress(path, export) => PictureFiles::of_wordpress(path, export.site_url()),
            Self::Ghost(path, _) => PictureFiles::of_ghost(path),
        }
    }

    /// Returns the redirects that the source has besides the old addresses of its stories.
    pub(crate) fn redirects(&self) -> SourceRedirects {
        match self {
            Self::Folder(_) | Self::WordPress(..) => SourceRedirects::default(),
            Self::Ghost(path, _) => redirects_beside(path),
        }
    }

    /// Returns the number of entries.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Folder(folder) => folder.len(),
            Self::WordPress(_, export) => export.len(),
            Self::Ghost(_, export) => export.len(),
        }
    }

    /// Reads the entries, one after the other.
    pub(crate) fn entries(&self) -> Box<dyn Iterator<Item = Entry> + '_> {
        match self {
            Self::Folder(folder) => Box::new(folder.entries()),
            Self::WordPress(path, export) => exported(path, export.summary(), export.stories()),
            Self::Ghost(path, export) => exported(path, export.summary(), export.stories()),
        }
    }
}

/// Returns the entries of an export: what it holds besides stories, then these.
fn exported<'a>(
    path: &Path,
    summary: Vec<(String, usize)>,
    stories: std::io::Result<impl Iterator<Item = Result<SourceStory, Refused>> + 'a>,
) -> Box<dyn Iterator<Item = Entry> + 'a> {
    match stories {
        Ok(stories) => {
            let others = summary.into_iter().map(|(kind, count)| {
                let reason = format!("{count} left out");
                Entry::PassedOver(Refused { key: kind, reason })
            });
            Box::new(others.chain(stories.map(Entry::from)))
        }
        Err(error) => {
            let refused = Refused { key: canonical(path), reason: error.to_string() };
            Box::new(std::iter::once(Entry::Refused(refused)))
        }
    }
}

fn canonical(path: &Path) -> String {
    path.canonicalize().unwrap_or_else(|_| path.to_owned()).to_string_lossy().into_owned()
}

/// Returns the host and the folder of a site, which stay when it moves to https or drops `www.`;
/// `None` if other sites may have the same, as on the computer of a developer.
fn site_name(url: &str) -> Option<String> {
    let url = url::Url::parse(url.trim()).ok()?;
    let host = url.domain()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let ending = host.rsplit_once('.')?.1;
    if matches!(ending, "localhost" | "local" | "localdomain" | "test" | "lan" | "internal") {
        return None;
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{host}{port}{}", url.path().trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_keeps_its_name_when_it_moves_to_https() {
        for url in ["http://www.Old.example/blog", "https://old.example/blog/"] {
            assert_eq!(site_name(url).as_deref(), Some("old.example/blog"), "{url}");
        }
        for url in ["", "http://localhost:8080", "http://127.0.0.1/", "http://news.local", "x"] {
            assert_eq!(site_name(url), None, "{url}");
        }
    }
}
