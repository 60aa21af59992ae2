//! Names of authors, tags and sections.

use serde_json::Value;

use crate::import::head::{Head, plain};
use crate::import::site::Tool;
use crate::import::text::{one_line, plain_text, shorten};

/// Maximum length of a name of an author, in characters.
const MAX_AUTHOR: usize = 120;
/// Maximum length of a name of a tag or a section, in characters.
const MAX_LABEL: usize = 60;
/// Keys of the name within a map.
const NAME_KEYS: [&str; 10] = [
    "name",
    "displayname",
    "fullname",
    "title",
    "label",
    "nickname",
    "nick",
    "username",
    "value",
    "slug",
];

/// Returns the names of the authors. `known` are those of whom the site has a list, by their key.
pub(super) fn authors(
    head: &Head,
    known: impl Fn(&str) -> Option<String>,
    notes: &mut Vec<String>,
) -> Vec<String> {
    let mut names = Vec::new();
    // Of two keys of one meaning the one of several authors says more.
    let several = head.all(&["authors", "coauthors"]);
    let taxonomy = head.inner("taxonomies").map(|inner| inner.all(&["authors", "author"]));
    for value in several.into_iter().chain(taxonomy.unwrap_or_default()) {
        collect(&value, Split::AtNames, &mut names, "author", notes);
    }
    if names.is_empty() {
        let one = ["author", "by", "byline", "writer", "authorname"];
        if let Some(value) = head.first(&one) {
            collect(&value, Split::Never, &mut names, "author", notes);
        }
    }
    let names = names.into_iter().map(|name| known(&name).unwrap_or(name));
    clean(names.map(|name| without_address(&name)).collect(), MAX_AUTHOR, "author", notes)
}

/// Returns the names of the tags.
pub(super) fn tags(head: &Head, tool: Tool, notes: &mut Vec<String>) -> Vec<String> {
    // Jekyll's tags have no spaces.
    let split = match tool {
        Tool::Hugo | Tool::Zola | Tool::VuePress => Split::AtCommas,
        Tool::Jekyll | Tool::Eleventy | Tool::Unknown => Split::AtSpaces,
    };
    let mut names = Vec::new();
    let taxonomy = head.inner("taxonomies").map(|inner| inner.all(&["tags", "tag"]));
    for value in head.all(&["tags", "tag"]).into_iter().chain(taxonomy.unwrap_or_default()) {
        collect(&value, split, &mut names, "tag", notes);
    }
    let names = names.into_iter().map(|name| match name.strip_prefix('#') {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => name,
    });
    clean(names.collect(), MAX_LABEL, "tag", notes)
}

/// Returns the names of the categories, the section's first.
pub(super) fn categories(head: &Head, notes: &mut Vec<String>) -> Vec<String> {
    let mut names = Vec::new();
    for value in head.all(&["section", "category"]) {
        collect(&value, Split::Never, &mut names, "category", notes);
    }
    let taxonomy = head.inner("taxonomies").map(|inner| inner.all(&["categories", "category"]));
    for value in head.all(&["categories"]).into_iter().chain(taxonomy.unwrap_or_default()) {
        collect(&value, Split::AtSpaces, &mut names, "category", notes);
    }
    clean(names, MAX_LABEL, "category", notes)
}

/// Separator of several names in one text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Split {
    Never,
    /// At commas.
    AtCommas,
    /// At commas and at the word between the last two.
    AtNames,
    /// At commas and spaces.
    AtSpaces,
}

fn collect(
    value: &Value,
    split: Split,
    names: &mut Vec<String>,
    what: &str,
    notes: &mut Vec<String>,
) {
    match value {
        Value::String(text) => names.extend(parts(text, split)),
        Value::Number(number) => names.push(number.to_string()),
        // `author: true` is not a name, but `true` may be a tag.
        Value::Bool(value) if what == "tag" => names.push(value.to_string()),
        Value::Array(values) => {
            for value in values {
                // The texts of a list are whole.
                collect(value, Split::Never, names, what, notes);
            }
        }
        Value::Object(map) => {
            let head = Head::new(map);
            let first_and_last = ["first", "last"]
                .map(|part| head.text(&[part, &format!("{part}name")]).unwrap_or_default());
            let name = head.text(&NAME_KEYS).or_else(|| {
                let joined = first_and_last.join(" ").trim().to_owned();
                (!joined.is_empty()).then_some(joined)
            });
            match (name, map.values().next()) {
                (Some(name), _) => names.push(name),
                // `{ann: {name: Ann}}`
                (None, Some(Value::Object(_))) => {
                    for value in map.values() {
                        collect(value, split, names, what, notes);
                    }
                }
                (None, _) => notes.push(format!("{what} {value} has no name; left out")),
            }
        }
        Value::Null => {}
        Value::Bool(_) => notes.push(format!("{what} {value} is no name; left out")),
    }
}

fn parts(text: &str, split: Split) -> Vec<String> {
    const COMMAS: [char; 3] = [',', '、', '،'];
    let owned = |parts: Vec<&str>| parts.into_iter().map(str::to_owned).collect();
    match split {
        Split::Never => vec![text.to_owned()],
        Split::AtCommas => owned(text.split(COMMAS).collect()),
        Split::AtSpaces => {
            owned(text.split(|c: char| c.is_whitespace() || COMMAS.contains(&c)).collect())
        }
        Split::AtNames => {
            owned(text.replace(" & ", ",").replace(" and ", ",").split(COMMAS).collect())
        }
    }
}

/// Removes the address of `Ann <ann@example.org>`.
fn without_address(name: &str) -> String {
    match name.split_once('<') {
        Some((before, rest)) if rest.contains('@') && !before.trim().is_empty() => {
            before.trim().to_owned()
        }
        _ => name.to_owned(),
    }
}

/// Returns each name once, as plain text within the limit.
fn clean(names: Vec<String>, max: usize, what: &str, notes: &mut Vec<String>) -> Vec<String> {
    let mut clean: Vec<String> = Vec::new();
    for name in names {
        let mut text =
            if name.contains(['<', '[', '&']) { plain_text(&name) } else { one_line(&name) };
        if shorten(&mut text, max) {
            notes.push(format!("{what} cut after {max} characters: {text}"));
        }
        let is_new =
            clean.iter().all(|other| plain(other) != plain(&text) || other.len() != text.len());
        if !text.is_empty() && is_new {
            clean.push(text);
        }
    }
    clean
}
