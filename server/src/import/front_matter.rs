//! Front matter of a Markdown file, and the story that it describes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use gazette_domain::{Image, Slug, Status, StoryInput};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::import::date::{date_in_name, date_in_path, parse_date};
use crate::markdown;

/// The section of a story without one.
const DEFAULT_SECTION: &str = "News";
/// The assumed size of a picture. Style sheets scale it, so only the ratio matters.
const PICTURE_SIZE: (u32, u32) = (1200, 720);

/// The keys of front matter that Gazette uses; others are ignored.
///
/// Accepts the spellings of Zola, Hugo and Jekyll. A file may have two spellings of one key.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FrontMatter {
    /// Headline.
    pub title: Option<String>,
    description: Option<String>,
    summary: Option<String>,
    date: Option<Value>,
    published_at: Option<Value>,
    path: Option<String>,
    permalink: Option<String>,
    /// Wanted slug.
    pub slug: Option<String>,
    authors: Option<Value>,
    author: Option<Value>,
    section: Option<String>,
    category: Option<String>,
    /// Tags: one name or several.
    pub tags: Option<Value>,
    /// Zola's taxonomies, which may contain the tags.
    pub taxonomies: Taxonomies,
    /// Picture: a path on this site.
    pub image: Option<String>,
    /// Text alternative of the picture.
    pub image_alt: Option<String>,
    /// `true` for a draft.
    pub draft: bool,
}

/// Zola's taxonomies.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Taxonomies {
    /// Tags.
    pub tags: Option<Value>,
}

/// The reason front matter cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FrontMatterError {
    /// The file does not begin with front matter.
    #[error("no front matter: the file must begin with a line +++ (TOML) or --- (YAML)")]
    Missing,
    /// The closing line is missing.
    #[error("the front matter is not closed by a second {0} line")]
    Unclosed(&'static str),
    /// The TOML or YAML is not valid.
    #[error("the front matter cannot be read: {0}")]
    Malformed(String),
    /// The date is not valid.
    #[error("the date {0} cannot be read; write it as 2026-11-21 or 2026-11-21T09:00:00Z")]
    Date(String),
}

impl FrontMatter {
    /// Returns the summary.
    pub(super) fn summary(&self) -> Option<&str> {
        self.description.as_deref().or(self.summary.as_deref())
    }

    /// Returns the URL path at the old site: its last part becomes the slug, and it may contain
    /// the date.
    pub(super) fn path(&self) -> Option<&str> {
        self.path.as_deref().or(self.permalink.as_deref())
    }

    /// Returns the name of the section.
    pub(super) fn section(&self) -> Option<&str> {
        self.section.as_deref().or(self.category.as_deref())
    }

    /// Returns the names of the authors: one or several.
    pub(super) fn author_names(&self) -> Vec<String> {
        names(self.authors.as_ref().or(self.author.as_ref()))
    }

    /// Returns the names of the tags, from both keys.
    pub(super) fn tag_names(&self) -> Vec<String> {
        let mut tags = names(self.tags.as_ref());
        tags.extend(names(self.taxonomies.tags.as_ref()));
        tags
    }

    /// Returns the date, or else the one in the URL path or in the name of the file.
    ///
    /// The date is in RFC 3339, a date, or a local date and time, which is read as UTC.
    pub(super) fn published_at(&self, file: &Path) -> Result<Option<Timestamp>, FrontMatterError> {
        match self.date.as_ref().or(self.published_at.as_ref()) {
            None | Some(Value::Null) => {
                let in_path = self.path().and_then(date_in_path);
                Ok(in_path.or_else(|| date_in_name(file)))
            }
            Some(Value::String(text)) => {
                parse_date(text).map(Some).ok_or_else(|| FrontMatterError::Date(text.clone()))
            }
            Some(other) => Err(FrontMatterError::Date(other.to_string())),
        }
    }

    /// Returns the story of a file. `titles` are those of the folders.
    ///
    /// # Errors
    /// The reason for which the file cannot be imported.
    pub(super) fn into_input(
        self,
        file: &Path,
        source: String,
        body: &str,
        titles: &HashMap<PathBuf, String>,
    ) -> Result<StoryInput, String> {
        let headline = self.title.clone().ok_or("the front matter has no title")?.replace('`', "");
        let published_at: Timestamp = self
            .published_at(file)
            .map_err(|error: FrontMatterError| error.to_string())?
            .ok_or("no date: neither a date key nor one in the path key or the file's name")?;
        let summary = self.summary().map_or_else(|| markdown::excerpt(body), str::to_owned);
        let mut tags = self.tag_names();
        tags.truncate(10);
        Ok(StoryInput {
            headline,
            summary: markdown::shorten(&summary, 500),
            body: body.trim().to_owned(),
            section: section(file, &self, titles),
            tags,
            author: author(&self.author_names()),
            image: image(&self),
            published_at,
            status: if self.draft { Status::Draft } else { Status::Published },
            slug: slug(&self),
            source: Some(source),
        })
    }
}

fn section(file: &Path, head: &FrontMatter, titles: &HashMap<PathBuf, String>) -> String {
    let of_folder = || file.ancestors().skip(1).find_map(|above| titles.get(above)).cloned();
    head.section()
        .map(str::to_owned)
        .or_else(of_folder)
        .unwrap_or_else(|| DEFAULT_SECTION.to_owned())
}

fn author(names: &[String]) -> String {
    match names {
        [] => "Staff".to_owned(),
        [name] => name.clone(),
        [first @ .., last] => {
            let joined = format!("{} and {last}", first.join(", "));
            let lead = first.first().map_or("", String::as_str);
            if joined.chars().count() <= 120 { joined } else { format!("{lead} and others") }
        }
    }
}

fn image(head: &FrontMatter) -> Option<Image> {
    let (width, height) = PICTURE_SIZE;
    let alt = head.image_alt.clone().or_else(|| head.title.clone())?;
    head.image.clone().map(|url| Image { url, alt, width, height })
}

/// Returns the wanted slug, or else one from the last part of the old URL path.
fn slug(head: &FrontMatter) -> Option<Slug> {
    let last = head.path().and_then(|path| path.trim_end_matches('/').rsplit('/').next());
    head.slug.as_deref().or(last).and_then(Slug::from_text)
}

fn names(value: Option<&Value>) -> Vec<String> {
    let texts: Vec<&str> = match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}
