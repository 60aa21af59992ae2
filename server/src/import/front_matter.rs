//! Front matter of a Markdown file: TOML between `+++` lines or YAML between `---` lines.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::Deserialize;
use serde_json::Value;

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

/// Splits a file into front matter and body.
pub(super) fn split(text: &str) -> Result<(FrontMatter, &str), FrontMatterError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = if text.starts_with("+++") {
        "+++"
    } else if text.starts_with("---") {
        "---"
    } else {
        return Err(FrontMatterError::Missing);
    };
    let (head, body) = enclosed(text, mark).ok_or(FrontMatterError::Unclosed(mark))?;
    let head = if mark == "+++" {
        let value: toml::Value = toml::from_str(head).map_err(|error| malformed(&error))?;
        FrontMatter::deserialize(json_of(value)).map_err(|error| malformed(&error))?
    } else {
        serde_saphyr::from_str(head).map_err(|error| malformed(&error))?
    };
    Ok((head, body))
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
}

fn enclosed<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == mark)?;
    let start = first.len();
    let mut at = start;
    for line in lines {
        if line.trim_end() == mark {
            return Some((text.get(start..at)?, text.get(at + line.len()..)?));
        }
        at += line.len();
    }
    None
}

/// Converts TOML to JSON. Dates become text, as in YAML.
fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(value) => value.into(),
        toml::Value::Array(values) => values.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => {
            table.into_iter().map(|(key, value)| (key, json_of(value))).collect()
        }
    }
}

fn malformed(error: &dyn std::fmt::Display) -> FrontMatterError {
    // Parsers show the position over several lines; an error message here has one line.
    let text = error.to_string();
    FrontMatterError::Malformed(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn names(value: Option<&Value>) -> Vec<String> {
    let texts: Vec<&str> = match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

fn parse_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(timestamp) = text.parse() {
        return Some(timestamp);
    }
    let local = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(DateTime::from));
    jiff::tz::Offset::UTC.to_timestamp(local.ok()?).ok()
}

/// Finds `2018/07/27` in a URL path.
fn date_in_path(path: &str) -> Option<Timestamp> {
    let parts: Vec<&str> = path.split('/').collect();
    parts.windows(3).find_map(|window| {
        let [year, month, day] = window else { return None };
        let date = Date::new(number(year, 4)?, number(month, 2)?, number(day, 2)?).ok()?;
        jiff::tz::Offset::UTC.to_timestamp(DateTime::from(date)).ok()
    })
}

/// Finds `2018-07-27-` at the beginning of a file's name.
fn date_in_name(file: &Path) -> Option<Timestamp> {
    let (date, rest) = file.file_stem()?.to_str()?.split_at_checked("2018-07-27".len())?;
    rest.starts_with('-').then(|| parse_date(date)).flatten()
}

fn number<T: std::str::FromStr>(text: &str, digits: usize) -> Option<T> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(front_matter: &str) -> Result<Option<String>, FrontMatterError> {
        date_of("story.md", front_matter)
    }

    fn date_of(file: &str, front_matter: &str) -> Result<Option<String>, FrontMatterError> {
        let text = format!("+++\n{front_matter}\n+++\n");
        let (head, _) = split(&text)?;
        Ok(head.published_at(Path::new(file))?.map(|date| date.to_string()))
    }

    #[test]
    fn toml_and_yaml_are_read_alike() {
        let toml = "+++\ntitle = \"A\"\nauthors = [\"B\"]\ntags = [\"C\", \"D\"]\n+++\nBody\n";
        let yaml = "---\ntitle: A\nauthor: B\ntags:\n  - C\n  - D\n---\nBody\n";
        for text in [toml, yaml, &toml.replace('\n', "\r\n")] {
            let (head, body) = split(text).expect("readable");
            assert_eq!(head.title.as_deref(), Some("A"));
            assert_eq!(head.author_names(), ["B"]);
            assert_eq!(head.tag_names(), ["C", "D"]);
            assert_eq!(body.trim(), "Body");
        }
    }

    #[test]
    fn the_date_comes_from_the_key_the_path_or_the_file_name() {
        let found = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(date("date = 2026-11-21"), found("2026-11-21T00:00:00Z"));
        assert_eq!(date("date = 2026-11-21T09:30:00+01:00"), found("2026-11-21T08:30:00Z"));
        assert_eq!(date("date = \"2026-11-21 09:30\""), found("2026-11-21T09:30:00Z"));
        assert_eq!(date("path = \"inside-rust/2020/07/27/x\""), found("2020-07-27T00:00:00Z"));
        assert_eq!(date("path = \"2020/13/27/x\""), Ok(None));
        assert_eq!(date("title = \"x\""), Ok(None));
        let jekyll = "_posts/2026-10-05-a-story.md";
        assert_eq!(date_of(jekyll, "title = \"x\""), found("2026-10-05T00:00:00Z"));
        assert_eq!(date_of(jekyll, "date = 2026-11-21"), found("2026-11-21T00:00:00Z"));
        for name in ["2026-13-05-x.md", "2026-10-051.md", "2026-10-05.md", "x.md", "äöüäöüäöü.md"]
        {
            assert_eq!(date_of(name, "title = \"x\""), Ok(None), "{name}");
        }
        assert_eq!(date("date = \"soon\""), Err(FrontMatterError::Date("soon".to_owned())));
    }

    #[test]
    fn two_spellings_of_one_key_are_no_error() {
        let (head, _) = split(
            "---\ndescription: A\nsummary: B\ndate: 2026-11-21\npublished_at: 2026-11-22\n\
             authors: [C]\nauthor: D\nsection: E\ncategory: F\npath: g\npermalink: h\n---\n",
        )
        .expect("readable");
        assert_eq!((head.summary(), head.section()), (Some("A"), Some("E")));
        assert_eq!((head.path(), head.author_names()), (Some("g"), vec!["C".to_owned()]));
        let (head, _) = split("---\nsummary: B\npermalink: h\n---\n").expect("readable");
        assert_eq!((head.summary(), head.path()), (Some("B"), Some("h")));
    }

    #[test]
    fn a_draft_is_marked_in_the_front_matter() {
        let is_draft =
            |line: &str| split(&format!("+++\n{line}\n+++\n")).expect("readable").0.draft;
        assert!(is_draft("draft = true"));
        assert!(!is_draft("draft = false") && !is_draft("title = \"x\""));
    }

    #[test]
    fn invalid_front_matter_is_refused_with_the_reason() {
        assert_eq!(split("# Title").err(), Some(FrontMatterError::Missing));
        assert_eq!(split("+++\ntitle = \"x\"\n").err(), Some(FrontMatterError::Unclosed("+++")));
        let malformed = split("+++\ntitle = \n+++\n").err();
        assert!(
            matches!(malformed, Some(FrontMatterError::Malformed(reason)) if !reason.contains('\n'))
        );
        assert!(split("+++\ntitle = 5\n+++\n").is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "(\\+\\+\\+|---)\n[ -~\n]{0,200}\n(\\+\\+\\+|---)?\n?.*") {
            if let Ok((head, _)) = split(&text) {
                let _ = head.published_at(Path::new("story.md"));
                head.tag_names();
            }
        }
    }
}
