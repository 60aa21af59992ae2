//! The Markdown files of a folder, as a source of stories.

use std::collections::BTreeMap;
use std::fs::FileType;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::import::entry::Entry;
use crate::import::front_matter::{NoStory, story_of};
use crate::import::head::Head;
use crate::import::links::{ENDINGS, Targets};
use crate::import::picture_files::PictureFiles;
use crate::import::site::{Section, Site};
use crate::import::source_story::Refused;
use crate::import::split::split;
use crate::import::text::plain_headline;

/// Maximum size of a file, in bytes.
const MAX_FILE_BYTES: u64 = 1024 * 1024;
/// Maximum length of a file's path within the folder, in bytes.
const MAX_NAME_BYTES: usize = 700;
/// Maximum depth of folders.
const MAX_DEPTH: usize = 64;
/// Names of folders that hold no sources, and what the report says of them.
const PASSED_OVER: [(&str, &str); 6] = [
    ("_drafts", "drafts that Jekyll does not publish"),
    ("node_modules", "packages"),
    ("_site", "output"),
    ("_includes", "parts of pages"),
    ("_layouts", "parts of pages"),
    ("bower_components", "packages"),
];

/// The folder cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {path}")]
pub(crate) struct FolderError {
    path: String,
    source: std::io::Error,
}

/// A folder of Markdown files.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    /// Paths within the folder, with `/` between their parts.
    files: Vec<String>,
    /// Files that were found but not read.
    others: Vec<Entry>,
    site: Site,
}

impl Folder {
    /// Lists the files, and reads what the site says about all of them.
    pub(crate) fn open(root: &Path, zone: TimeZone, now: Timestamp) -> Result<Self, FolderError> {
        let failed = |source| FolderError { path: root.display().to_string(), source };
        std::fs::read_dir(root).map_err(failed)?;
        let mut found = Found::default();
        found.walk(root, "", 0);
        found.files.sort();
        let mut site = Site::of(root, zone, now);
        for key in &found.sections {
            let section = read(root, key).ok().and_then(|text| section(&text));
            let folder = key.rsplit_once('/').map_or("", |(folder, _)| folder);
            site.sections.insert(folder.to_owned(), section.unwrap_or_default());
        }
        let others = found.others();
        Ok(Self { root: root.to_owned(), files: found.files, others, site })
    }

    /// Returns an empty set of stories to which links of this site may lead.
    pub(crate) fn targets(&self) -> Targets {
        Targets::of(&self.site)
    }

    /// Returns the name of the source: the path of the folder.
    pub(crate) fn name(&self) -> String {
        let path = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        path.to_string_lossy().into_owned()
    }

    /// Returns the files of its pictures.
    pub(crate) fn pictures(&self) -> PictureFiles {
        let root = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        let levels = self.site.prefix.split('/').filter(|part| !part.is_empty()).count();
        let site_root = root.ancestors().nth(levels).filter(|_| levels > 0);
        let Site { host, base_path, .. } = &self.site;
        PictureFiles::of_folder(&root, site_root, host.clone(), base_path.clone())
    }

    /// Returns the number of entries.
    pub(crate) fn len(&self) -> usize {
        self.files.len() + self.others.len()
    }

    /// Reads the files, one after the other.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry> {
        let files = self.files.iter().map(|key| self.entry(key));
        self.others.iter().cloned().chain(files)
    }

    fn entry(&self, key: &str) -> Entry {
        let refused = |reason| Entry::Refused(Refused { key: key.to_owned(), reason });
        if key.len() > MAX_NAME_BYTES {
            return refused(format!("the path has more than {MAX_NAME_BYTES} bytes"));
        }
        let text = match read(&self.root, key) {
            Ok(text) => text,
            Err(reason) => return refused(reason),
        };
        let parts = match split(&text) {
            Ok(parts) => parts,
            Err(error) => return refused(error.to_string()),
        };
        match story_of(key, parts, &self.site) {
            Ok(story) => Entry::Story(Box::new(story)),
            Err(NoStory::Refused(reason)) => refused(reason),
            Err(NoStory::PassedOver(reason)) => {
                Entry::PassedOver(Refused { key: key.to_owned(), reason })
            }
        }
    }
}

/// The files below a folder.
#[derive(Default)]
struct Found {
    files: Vec<String>,
    /// Hugo's and Zola's files about a folder.
    sections: Vec<String>,
    /// Files in folders that are not read, by the name of the folder.
    passed_over: BTreeMap<&'static str, (usize, &'static str)>,
    refused: Vec<Refused>,
    /// Symbolic links.
    links: Vec<String>,
}

impl Found {
    fn walk(&mut self, root: &Path, inner: &str, depth: usize) {
        let path = root.join(inner);
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) => return self.refuse(inner, &error.to_string()),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return self.refuse(inner, &error.to_string()),
            };
            let name = match entry.file_name().into_string() {
                Ok(name) => name,
                Err(name) => {
                    self.unreadable_name(inner, &name.to_string_lossy(), entry.file_type());
                    continue;
                }
            };
            let key = if inner.is_empty() { name.clone() } else { format!("{inner}/{name}") };
            // A link is not followed: it may lead out of the folder, or in a circle.
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.folder(root, &key, &name, depth),
                Ok(kind) if kind.is_file() => self.file(key, &name),
                Ok(_) if is_markdown(&name) => self.links.push(key),
                Ok(_) => {}
                Err(error) => self.refuse(&key, &error.to_string()),
            }
        }
    }

    /// Refuses a file or a folder that would be read if its name were text.
    fn unreadable_name(&mut self, inner: &str, name: &str, kind: std::io::Result<FileType>) {
        let is_folder = kind.is_ok_and(|kind| kind.is_dir());
        if !name.starts_with('.') && (is_folder || is_markdown(name)) {
            let key = if inner.is_empty() { name.to_owned() } else { format!("{inner}/{name}") };
            self.refuse(&key, "the name is not UTF-8; rename it");
        }
    }

    fn folder(&mut self, root: &Path, key: &str, name: &str, depth: usize) {
        let known = PASSED_OVER.into_iter().find(|(passed, _)| *passed == name);
        if let Some((passed, reason)) = known {
            let count = count_markdown(&root.join(key), depth);
            let entry = self.passed_over.entry(passed).or_insert((0, reason));
            entry.0 += count;
        } else if name.starts_with('.') {
            // Like the tools, and like the shell, without a word.
        } else if depth >= MAX_DEPTH {
            self.refuse(key, "the folders are nested too deeply");
        } else {
            self.walk(root, key, depth + 1);
        }
    }

    fn file(&mut self, key: String, name: &str) {
        if !is_markdown(name) || name.starts_with('.') {
            return;
        }
        let stem = name.split('.').next().unwrap_or_default();
        if stem == "_index" { self.sections.push(key) } else { self.files.push(key) }
    }

    fn refuse(&mut self, key: &str, reason: &str) {
        let key = if key.is_empty() { "." } else { key };
        self.refused.push(Refused { key: key.to_owned(), reason: reason.to_owned() });
    }

    fn others(&self) -> Vec<Entry> {
        let folders = self.passed_over.iter().filter(|(_, (count, _))| *count > 0);
        let folders = folders.map(|(name, (count, reason))| {
            let reason = format!("{count} Markdown files: {reason}");
            Entry::PassedOver(Refused { key: format!("{name}/"), reason })
        });
        let sections = self.sections.iter().map(|key| {
            let reason = "the page of a section".to_owned();
            Entry::PassedOver(Refused { key: key.clone(), reason })
        });
        let links = self.links.iter().map(|key| {
            let reason = "a link to another file".to_owned();
            Entry::PassedOver(Refused { key: key.clone(), reason })
        });
        let refused = self.refused.iter().cloned().map(Entry::Refused);
        folders.chain(sections).chain(links).chain(refused).collect()
    }
}

fn count_markdown(folder: &Path, depth: usize) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let entries = entries.filter_map(Result::ok);
    entries
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => {
                count_markdown(&entry.path(), depth + 1)
            }
            Ok(kind) if kind.is_file() => {
                usize::from(is_markdown(&entry.file_name().to_string_lossy()))
            }
            _ => 0,
        })
        .sum()
}

fn is_markdown(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty() && ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending))
    })
}

fn section(text: &str) -> Option<Section> {
    let head = Head::new(&split(text).ok()?.head?);
    let title = head.get("title").and_then(Value::as_str).map(plain_headline);
    let cascade = match head.get("cascade") {
        Some(Value::Object(map)) => Head::new(map),
        // Those for some pages only would need Hugo's rules of matching.
        Some(Value::Array(values)) => values
            .iter()
            .filter_map(Value::as_object)
            .filter(|map| !map.contains_key("target") && !map.contains_key("_target"))
            .fold(Head::default(), |head, map| head.with_defaults(&Head::new(map))),
        _ => Head::default(),
    };
    Some(Section { title, cascade })
}

fn read(root: &Path, key: &str) -> Result<String, String> {
    let path = root.join(key);
    let size = std::fs::metadata(&path).map_err(|error| error.to_string())?.len();
    if size > MAX_FILE_BYTES {
        return Err(format!("the file has {size} bytes; at most {MAX_FILE_BYTES} are read"));
    }
    let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
    text_of(&bytes).ok_or_else(|| "the file is not UTF-8 text; save it as UTF-8".to_owned())
}

/// Decodes UTF-8, and UTF-16 with its mark, as some editors on Windows write.
fn text_of(bytes: &[u8]) -> Option<String> {
    let wide = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
        String::from_utf16(&units.map(read).collect::<Vec<u16>>()).ok()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] if rest.len() % 2 == 0 && !rest.is_empty() => {
            wide(rest, u16::from_le_bytes)
        }
        [0xfe, 0xff, rest @ ..] if rest.len() % 2 == 0 && !rest.is_empty() => {
            wide(rest, u16::from_be_bytes)
        }
        _ => String::from_utf8(bytes.to_vec()).ok(),
    }
}

#[cfg(test)]
mod tests;
