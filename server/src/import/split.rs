//! Splits a Markdown file into front matter, TOML between `+++` lines or YAML between `---` lines,
//! and body.

use serde::Deserialize as _;
use serde_json::Value;

use crate::import::front_matter::{FrontMatter, FrontMatterError};

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

#[cfg(test)]
mod tests {
    use std::path::Path;

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
