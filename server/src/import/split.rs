//! Splits a file into front matter and body.

use serde_json::{Map, Value};

/// Parts of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SplitFile<'a> {
    /// Front matter; `None` for a file without any.
    pub head: Option<Map<String, Value>>,
    /// Text.
    pub body: &'a str,
    /// Front matter that could not be read.
    pub note: Option<String>,
}

/// The reason front matter cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FrontMatterError {
    /// The closing line is missing.
    #[error("the front matter is not closed by a second {0} line")]
    Unclosed(&'static str),
    /// The front matter is not valid.
    #[error("the front matter cannot be read: {0}")]
    Malformed(String),
}

/// Splits a file into its front matter, in TOML between `+++` lines, YAML between `---` lines or
/// JSON, and its body.
pub(super) fn split(text: &str) -> Result<SplitFile<'_>, FrontMatterError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.trim_start();
    let first = start.lines().next().unwrap_or_default().trim_end();
    match first {
        "+++" => with_head(start, "+++", toml),
        "---" | "---yaml" | "---yml" => match with_head(start, "---", yaml) {
            // A text that begins with a line across the page.
            Err(_) if start.len() != text.len() => Ok(without_head(text)),
            split => split,
        },
        "---toml" => with_head(start, "---", toml),
        "---json" => with_head(start, "---", json),
        _ if start.starts_with('{') && !start.starts_with("{{") && !start.starts_with("{%") => {
            let mut values = serde_json::Deserializer::from_str(start).into_iter::<Value>();
            match values.next() {
                Some(Ok(Value::Object(head))) => {
                    let body = start.get(values.byte_offset()..).unwrap_or_default();
                    Ok(SplitFile { head: Some(head), body, note: None })
                }
                Some(Err(error)) => Err(malformed(&error)),
                _ => Ok(without_head(text)),
            }
        }
        _ => Ok(without_head(text)),
    }
}

/// Parses a file of data by the ending of its name.
pub(super) fn parse_data(ending: &str, text: &str) -> Option<Map<String, Value>> {
    let parsed = match ending {
        "toml" => toml(text).map(|(map, _)| map),
        "json" => json(text).map(|(map, _)| map),
        _ => yaml_map(text),
    };
    parsed.ok()
}

fn without_head(text: &str) -> SplitFile<'_> {
    SplitFile { head: None, body: text, note: None }
}

type Parsed = Result<(Map<String, Value>, Option<String>), FrontMatterError>;

fn with_head<'a>(
    text: &'a str,
    mark: &'static str,
    parse: fn(&str) -> Parsed,
) -> Result<SplitFile<'a>, FrontMatterError> {
    let (head, body) = enclosed(text, mark).ok_or(FrontMatterError::Unclosed(mark))?;
    let (head, note) = parse(head)?;
    Ok(SplitFile { head: Some(head), body, note })
}

fn enclosed<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let mut lines = text.split_inclusive('\n');
    let start = lines.next()?.len();
    let mut at = start;
    for line in lines {
        let content = line.trim_end();
        if content == mark || (mark == "---" && content == "...") {
            return Some((text.get(start..at)?, text.get(at + line.len()..)?));
        }
        at += line.len();
    }
    None
}

fn toml(text: &str) -> Parsed {
    let table: toml::Table = toml::from_str(text).map_err(|error| malformed(&error))?;
    Ok((table.into_iter().map(|(key, value)| (key, json_of(value))).collect(), None))
}

fn json(text: &str) -> Parsed {
    serde_json::from_str(text).map(|head| (head, None)).map_err(|error| malformed(&error))
}

/// Reads YAML. What is not valid as a whole is read key by key, as its author meant it.
fn yaml(text: &str) -> Parsed {
    let error = match yaml_map(text) {
        Ok(head) => return Ok((head, None)),
        Err(error) => error,
    };
    let mut head = Map::new();
    for entry in entries(text) {
        let (key, value) = if let Ok(map) = yaml_map(&entry) {
            let Some(pair) = map.into_iter().next() else { continue };
            pair
        } else {
            let Some((key, value)) = entry.split_once(':') else { continue };
            (key.trim().to_owned(), Value::String(unquoted(value).to_owned()))
        };
        head.entry(key).or_insert(value);
    }
    if head.is_empty() {
        return Err(error);
    }
    Ok((head, Some(format!("{error}; each key was read by itself"))))
}

fn yaml_map(text: &str) -> Result<Map<String, Value>, FrontMatterError> {
    let text = spaces_for_tabs(text);
    let options = serde_saphyr::options! {
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::FirstWins,
    };
    match serde_saphyr::from_str_with_options::<Value>(&text, options) {
        Ok(Value::Object(head)) => Ok(head),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => Err(FrontMatterError::Malformed("it has no keys".to_owned())),
        Err(error) => Err(malformed(&error)),
    }
}

/// YAML forbids tabs before a key.
fn spaces_for_tabs(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t']);
        let (indent, _) = line.split_at(line.len() - content.len());
        spaced.push_str(&indent.replace('\t', "  "));
        spaced.push_str(content);
    }
    spaced
}

/// Splits YAML into its keys, each with the lines that belong to it.
fn entries(text: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in text.lines() {
        let begins = line.chars().next().is_some_and(|c| !c.is_whitespace() && !"-#]}".contains(c))
            && line.contains(':');
        match entries.last_mut() {
            Some(entry) if !begins => {
                entry.push('\n');
                entry.push_str(line);
            }
            _ if begins => entries.push(line.to_owned()),
            _ => {}
        }
    }
    entries
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    let inner = |mark: char| value.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
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
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    FrontMatterError::Malformed(line.chars().take(300).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn head(text: &str) -> Value {
        Value::Object(split(text).expect("readable").head.expect("front matter"))
    }

    #[test]
    fn toml_yaml_and_json_are_read_alike() {
        let toml = "+++\ntitle = \"A\"\ntags = [\"C\", \"D\"]\ndate = 2024-03-05\n+++\nBody\n";
        let yaml = "---\ntitle: A\ntags:\n  - C\n  - D\ndate: 2024-03-05\n---\nBody\n";
        let json =
            "{\n \"title\": \"A\", \"tags\": [\"C\", \"D\"], \"date\": \"2024-03-05\"}\nBody\n";
        for text in [
            toml.to_owned(),
            yaml.to_owned(),
            json.to_owned(),
            yaml.replace("---\nBody", "...\nBody"),
            yaml.replace("---\n", "---  \t\n"),
            yaml.replace("  - ", "\t- "),
            format!("\u{feff}{yaml}"),
            format!("\n\n{yaml}"),
            toml.replace('\n', "\r\n"),
            yaml.replace('\n', "\r\n"),
            json.replace('\n', "\r\n"),
            format!(
                "---json\n{}\n---\nBody",
                "{\"title\": \"A\", \"tags\": [\"C\", \"D\"], \"date\": \"2024-03-05\"}"
            ),
        ] {
            let file = split(&text).expect("readable");
            let expected = json!({"title": "A", "tags": ["C", "D"], "date": "2024-03-05"});
            assert_eq!(file.head.map(Value::Object), Some(expected), "{text}");
            assert_eq!(file.body.trim(), "Body");
            assert_eq!(file.note, None);
        }
    }

    #[test]
    fn a_key_that_is_not_valid_costs_itself() {
        let text = "---\ntitle: Rivers: a history\ndate: 2024-03-05\ntags: [a, b\n\
                    draft: true\nauthor: @ann\n---\nBody";
        let file = split(text).expect("readable");
        let head = file.head.expect("front matter");
        assert_eq!(head.get("title"), Some(&json!("Rivers: a history")));
        assert_eq!(head.get("draft"), Some(&json!(true)));
        assert_eq!(head.get("author"), Some(&json!("@ann")));
        assert!(file.note.is_some_and(|note| note.contains("each key was read by itself")));
    }

    #[test]
    fn a_repeated_key_is_no_fault() {
        assert_eq!(head("---\ntitle: A\ntitle: B\n---\n"), json!({"title": "A"}));
        assert_eq!(head("---\n# nothing\n---\nText"), json!({}));
    }

    #[test]
    fn a_text_without_front_matter_is_whole() {
        for text in ["# Title\n\nText", "Text", "", "{{< note >}}", "{% raw %}", "\n---\n\nText"] {
            let file = split(text).expect("readable");
            assert_eq!((file.head, file.body), (None, text));
        }
    }

    #[test]
    fn invalid_front_matter_is_refused_with_the_reason() {
        assert_eq!(split("+++\ntitle = \"x\"\n"), Err(FrontMatterError::Unclosed("+++")));
        assert_eq!(split("---\ntitle: x\n"), Err(FrontMatterError::Unclosed("---")));
        for text in ["+++\ntitle = \n+++\n", "---\n- a\n- b\n---\n", "{ \"title\": }"] {
            let refused = split(text).err();
            assert!(
                matches!(&refused, Some(FrontMatterError::Malformed(reason)) if !reason.contains('\n')),
                "{text} {refused:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "(\\+\\+\\+|---|\\{)\n[ -~\n\t]{0,200}\n(\\+\\+\\+|---)?\n?.*") {
            let _ = split(&text);
        }
    }
}
