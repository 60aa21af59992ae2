//! Ghost's redirects file beside an export.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

/// Maximum size of the file, in bytes.
const MAX_BYTES: u64 = 4 * 1024 * 1024;
/// Names that Ghost gives the file.
const NAMES: [&str; 3] = ["redirects.yaml", "redirects.yml", "redirects.json"];

/// A redirect of an exact path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceRedirect {
    /// Old path.
    pub from: String,
    /// New path or URL.
    pub to: String,
    /// `true` for 301, `false` for 302.
    pub is_permanent: bool,
}

/// The redirects of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SourceRedirects {
    /// Redirects of exact paths.
    pub taken: Vec<SourceRedirect>,
    /// Patterns that name more than one path, and files that cannot be read, a line each.
    pub not_taken: Vec<String>,
}

#[derive(Deserialize)]
struct Entry {
    from: String,
    to: String,
    #[serde(default)]
    permanent: bool,
}

/// Reads the redirects file in the folder of an export.
pub(crate) fn redirects_beside(export: &Path) -> SourceRedirects {
    let mut redirects = SourceRedirects::default();
    for name in NAMES {
        let path = export.with_file_name(name);
        let Ok(metadata) = std::fs::metadata(&path) else { continue };
        if metadata.len() > MAX_BYTES {
            redirects.not_taken.push(format!("{name} has more than 4 MiB"));
            continue;
        }
        match std::fs::read_to_string(&path) {
            Ok(text) => redirects.add(name, &text),
            Err(error) => redirects.not_taken.push(format!("{name}: {error}")),
        }
    }
    redirects
}

impl SourceRedirects {
    fn add(&mut self, name: &str, text: &str) {
        let read = if name == "redirects.json" { from_json(text) } else { from_yaml(text) };
        match read {
            Ok(entries) => entries.into_iter().for_each(|entry| self.add_entry(&entry)),
            Err(reason) => self.not_taken.push(format!("{name} cannot be read: {reason}")),
        }
    }

    fn add_entry(&mut self, entry: &Entry) {
        match exact_paths(&entry.from) {
            Some(paths) if !entry.to.contains('$') => {
                self.taken.extend(paths.into_iter().map(|from| SourceRedirect {
                    from,
                    to: entry.to.clone(),
                    is_permanent: entry.permanent,
                }));
            }
            _ => self.not_taken.push(format!("{} → {}: a pattern", entry.from, entry.to)),
        }
    }
}

fn from_json(text: &str) -> Result<Vec<Entry>, String> {
    serde_json::from_str(text).map_err(|error| one_line(&error))
}

fn from_yaml(text: &str) -> Result<Vec<Entry>, String> {
    let groups: BTreeMap<u16, Option<BTreeMap<String, String>>> =
        serde_saphyr::from_str(text).map_err(|error| one_line(&error))?;
    let mut entries = Vec::new();
    for (status, group) in groups {
        for (from, to) in group.unwrap_or_default() {
            entries.push(Entry { from, to, permanent: matches!(status, 301 | 308) });
        }
    }
    Ok(entries)
}

fn one_line(error: &dyn std::fmt::Display) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the paths that a regular expression names, if these are at most two.
fn exact_paths(pattern: &str) -> Option<Vec<String>> {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    let literal = inner.replace("\\/", "/").replace("\\-", "-").replace("\\.", ".");
    let (literal, has_optional_slash) = match literal.strip_suffix("/?") {
        Some(literal) => (literal, true),
        None => (literal.as_str(), false),
    };
    let is_pattern = |c: char| "*+?()[]{}|\\^$ ".contains(c) || c.is_control();
    if literal.contains(is_pattern) || !literal.starts_with('/') {
        return None;
    }
    let mut paths = vec![literal.to_owned()];
    if has_optional_slash {
        paths.push(format!("{literal}/"));
    }
    Some(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_paths_are_taken_and_patterns_reported() {
        let mut redirects = SourceRedirects::default();
        redirects.add(
            "redirects.json",
            r#"[{"from":"^\\/old\\/?$","to":"/new/","permanent":true},{"from":"/a.html","to":"https://b.example"},
               {"from":"^/tag/(.*)$","to":"/section/$1"}]"#,
        );
        redirects.add("redirects.yaml", "301:\n  /x/: /y/\n302:\n  ^/z$: /w/\n");
        redirects.add("redirects.yaml", "[");
        let taken: Vec<_> = redirects
            .taken
            .iter()
            .map(|one| (one.from.as_str(), one.to.as_str(), one.is_permanent))
            .collect();
        assert_eq!(
            taken,
            [
                ("/old", "/new/", true),
                ("/old/", "/new/", true),
                ("/a.html", "https://b.example", false),
                ("/x/", "/y/", true),
                ("/z", "/w/", false),
            ]
        );
        assert_eq!(redirects.not_taken.len(), 2, "{:?}", redirects.not_taken);
    }
}
