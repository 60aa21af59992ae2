//! Links between imported stories.

use std::collections::HashMap;
use std::sync::LazyLock;

use gazette_domain::{Endpoint, Slug};
use regex_lite::{Captures, Regex};

use crate::import::code::map_text;
use crate::import::site::Site;
use crate::markdown;
use crate::percent_decoded::percent_decoded;

static INLINE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\]\(\s*<?)([^)\s>]+)").ok());
static DEFINITION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)(^ {0,3}\[[^\]\n]+\]:[ \t]*<?)([^\s>]+)").ok());
static HTML: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)(<a\s[^>]*?href\s*=\s*["'])([^"'<>]+)"#).ok());
static REFERENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)\{\{[<%]\s*(?:rel)?ref\s+(?:path=)?["'`]?([^"'`\s>%]+)["'`]?[^}]*[>%]\}\}
        |\{%-?\s*(?:post_url|link)\s+([^%\s]+)\s*-?%\}"#,
    )
    .ok()
});

/// The endings of the files of stories.
pub(super) const ENDINGS: [&str; 3] = ["md", "markdown", "mdx"];

/// The stories of an import, by the ways in which the others link to them.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    by_file: HashMap<String, Slug>,
    by_old_path: HashMap<String, Slug>,
    /// By the name of the file without folders and ending; `None` if several have it.
    by_name: HashMap<String, Option<Slug>>,
    /// Host of the site, without `www.`.
    host: Option<String>,
    base_path: String,
    content_prefixes: Vec<String>,
}

impl Targets {
    /// Returns an empty set of stories of a site.
    pub(super) fn of(site: &Site) -> Self {
        let mut content_prefixes = vec![String::new()];
        if site.prefix.is_empty() {
            content_prefixes.extend(["content/".to_owned(), "src/".to_owned()]);
        }
        Self {
            host: site.host.as_deref().map(|host| without_www(host).to_owned()),
            base_path: site.base_path.clone(),
            content_prefixes,
            ..Self::default()
        }
    }

    /// Returns an empty set of stories of an export, which names none of them by a file.
    pub(super) fn of_url(url: &str) -> Self {
        let (host, path) = split_host(url).unwrap_or_default();
        Self {
            host: Some(without_www(host).to_owned()).filter(|host| !host.is_empty()),
            base_path: path.trim_end_matches('/').to_owned(),
            ..Self::default()
        }
    }

    /// Adds a story.
    pub(super) fn add(&mut self, key: &str, old_paths: &[String], slug: &Slug) {
        if !self.content_prefixes.is_empty() {
            let file = normal(key).to_lowercase();
            let name = stem(file.rsplit('/').next().unwrap_or_default()).to_owned();
            self.by_name
                .entry(name)
                .and_modify(|known| *known = None)
                .or_insert_with(|| Some(slug.clone()));
            self.by_file.insert(file, slug.clone());
        }
        for path in old_paths {
            self.by_old_path.entry(normal(path)).or_insert_with(|| slug.clone());
        }
    }

    /// Replaces the links of a story to others by their new addresses.
    pub(super) fn resolve(&self, body: &str, key: &str, old_paths: &[String]) -> String {
        if !body.contains(['[', '<', '{']) {
            return body.to_owned();
        }
        let from = LinkOrigin { file: key, page: old_paths.first().map(String::as_str) };
        map_text(body, |text| {
            let reference = REFERENCE.as_ref().filter(|_| text.contains('{'));
            let text = replaced(text, reference, |found| {
                let target = found.get(1).or_else(|| found.get(2))?.as_str();
                let (path, fragment) = split_fragment(target);
                Some(address(self.reference(path)?, fragment))
            });
            // To look for the beginning first costs less than to try each pattern everywhere.
            let patterns = [("](", &INLINE), ("]:", &DEFINITION), ("<", &HTML)];
            let patterns = patterns.into_iter().filter(|(begin, _)| body.contains(begin));
            patterns.fold(text, |text, (_, pattern)| {
                replaced(&text, pattern.as_ref(), |found| {
                    let (before, url) = (found.get(1)?.as_str(), found.get(2)?.as_str());
                    let (path, fragment) = split_fragment(url);
                    Some(format!("{before}{}", address(self.target(path, &from)?, fragment)))
                })
            })
        })
    }

    /// Finds the story that Hugo's `ref` or Jekyll's `post_url` names.
    fn reference(&self, target: &str) -> Option<&Slug> {
        let path = normal(target).to_lowercase();
        let path = path.trim_start_matches('/');
        self.file(path)
            .or_else(|| self.by_name.get(stem(path.rsplit('/').next()?)).and_then(Option::as_ref))
    }

    fn target(&self, url: &str, from: &LinkOrigin<'_>) -> Option<&Slug> {
        if url.is_empty() || url.starts_with("mailto:") {
            return None;
        }
        if let Some(file) = url.strip_prefix("@/") {
            return self.file(&normal(file).to_lowercase());
        }
        if let Some((host, path)) = split_host(url) {
            let host = without_www(host);
            let is_own = self.host.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(host));
            return if is_own { self.page(path) } else { None };
        }
        if url.starts_with('/') {
            return self.page(url).or_else(|| self.file(&normal(url).to_lowercase()));
        }
        let folder = from.file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside = joined(folder, url).and_then(|path| self.file(&path.to_lowercase()));
        beside.or_else(|| {
            let page = from.page?;
            let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
            self.page(&format!("/{}", joined(folder, url)?))
        })
    }

    fn page(&self, path: &str) -> Option<&Slug> {
        if let Some((_, query)) = path.split_once('?') {
            // The part of a query that names a page, as in `/?p=12`, comes first.
            let name = query.split('&').next().unwrap_or_default();
            let path = path.split('?').next().unwrap_or_default();
            let found = self.by_old_path.get(&normal(&format!("{path}?{name}")));
            if found.is_some() {
                return found;
            }
        }
        let path = path.split('?').next().unwrap_or_default();
        let path = normal(path);
        let found = self.by_old_path.get(&path).or_else(|| {
            let below = format!("/{path}");
            let inner = below.strip_prefix(self.base_path.as_str())?;
            self.by_old_path.get(inner.trim_start_matches('/'))
        });
        found.or_else(|| self.by_old_path.get(path.strip_suffix(".html")?))
    }

    /// Finds a story by the path of its file, with or without ending, or of its folder.
    fn file(&self, path: &str) -> Option<&Slug> {
        let stem = path.strip_suffix(".html").unwrap_or(path).trim_end_matches('/');
        let spellings = || {
            std::iter::once(path.to_owned())
                .chain(ENDINGS.iter().map(move |ending| format!("{stem}.{ending}")))
                .chain(ENDINGS.iter().map(move |ending| format!("{stem}/index.{ending}")))
        };
        self.content_prefixes.iter().find_map(|prefix| {
            spellings().find_map(|path| self.by_file.get(&format!("{prefix}{path}")))
        })
    }
}

/// File and page that contain a link.
struct LinkOrigin<'a> {
    file: &'a str,
    page: Option<&'a str>,
}

fn replaced(
    text: &str,
    pattern: Option<&Regex>,
    replace: impl Fn(&Captures<'_>) -> Option<String>,
) -> String {
    let Some(pattern) = pattern.filter(|pattern| pattern.is_match(text)) else {
        return text.to_owned();
    };
    let whole = |found: &Captures<'_>| found.get(0).map_or("", |whole| whole.as_str()).to_owned();
    pattern
        .replace_all(text, |found: &Captures<'_>| replace(found).unwrap_or_else(|| whole(found)))
        .into_owned()
}

fn address(slug: &Slug, fragment: Option<&str>) -> String {
    let path = Endpoint::ReadStory.path_with(slug.as_str());
    match fragment {
        Some(name) if !name.is_empty() => format!("{path}#{}", markdown::heading_id(name)),
        _ => path,
    }
}

fn split_fragment(url: &str) -> (&str, Option<&str>) {
    url.split_once('#').map_or((url, None), |(path, fragment)| (path, Some(fragment)))
}

/// Splits a URL into host and path; `None` if it has no host.
fn split_host(url: &str) -> Option<(&str, &str)> {
    let rest = match url.strip_prefix("//") {
        Some(rest) => rest,
        None => url.split_once("://")?.1,
    };
    Some(rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())))
}

fn without_www(host: &str) -> &str {
    match host.split_at_checked(4) {
        Some((www, host)) if www.eq_ignore_ascii_case("www.") => host,
        _ => host,
    }
}

fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending)) if ENDINGS.contains(&ending) || ending == "html" => stem,
        _ => name,
    }
}

/// Returns the form of a path under which it is found: decoded, without slashes around it and
/// without `index.html`.
fn normal(path: &str) -> String {
    let path = percent_decoded(path).replace("/?", "?");
    let path = path.trim_matches('/');
    let path = path.strip_suffix("index.html").unwrap_or(path);
    path.trim_end_matches('/').to_owned()
}

/// Joins a relative path to a folder; `None` if it leads out of the site.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let path = path.split('?').next().unwrap_or_default();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(percent_decoded(&parts.join("/")))
}

#[cfg(test)]
mod tests;
