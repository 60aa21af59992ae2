//! Addresses of a story at its old site, and the slug that they give it.

use gazette_domain::Slug;
use serde_json::Value;

use crate::import::file_name::FileName;
use crate::import::head::Head;
use crate::import::site::{Site, Tool};
use crate::import::tool_path::tool_path;
use crate::percent_decoded::percent_decoded;

/// Maximum number of old addresses.
const MAX_PATHS: usize = 100;
/// Maximum length of an old address, in bytes.
const MAX_PATH_BYTES: usize = 1_000;
/// Keys of the address itself.
const ADDRESS: [&str; 3] = ["permalink", "url", "path"];
/// Keys of earlier addresses.
const ALIASES: [&str; 5] = ["aliases", "alias", "redirectfrom", "link", "oldurl"];

/// Returns the wanted slug: that of its key, else the last part of the old address, else the name of
/// the file where the tool makes the address of it.
pub(super) fn slug(head: &Head, file: &FileName, site: &Site) -> Option<String> {
    let usable = |text: String| Slug::from_text(&text).is_some().then_some(text);
    if let Some(slug) = head.text(&["slug"]).filter(|text| !has_placeholder(text)) {
        let last = slug.trim_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        if let Some(slug) = usable(last) {
            return Some(slug);
        }
    }
    let addresses: Vec<String> = head.all(&ADDRESS).iter().filter_map(text).collect();
    let last = addresses.iter().find_map(|address| last_part(address)).and_then(usable);
    if last.is_some() {
        return last;
    }
    let has_letter = file.name.chars().any(char::is_alphabetic);
    let made_of_name =
        file.is_dated || (addresses.is_empty() && (file.is_bundle || site.tool != Tool::Unknown));
    (made_of_name && has_letter).then(|| file.name.clone()).and_then(usable)
}

/// Returns the paths under which the old site had the story, each once.
pub(super) fn old_paths(
    head: &Head,
    key: &str,
    file: &FileName,
    site: &Site,
    notes: &mut Vec<String>,
) -> Vec<String> {
    let own = tool_path(head, key, file, site);
    let mut paths: Vec<String> = Vec::new();
    let addresses = head.all(&ADDRESS).into_iter().filter_map(|value| text(&value));
    for address in addresses {
        paths.extend(path_of(&address, None, site));
    }
    paths.extend(own.clone());
    for value in head.all(&ALIASES) {
        let values = match &value {
            Value::Array(values) => values.iter().filter_map(text).collect(),
            other => text(other).into_iter().collect::<Vec<_>>(),
        };
        for alias in values {
            paths.extend(path_of(&alias, own.as_deref(), site));
        }
    }
    let mut unique: Vec<String> = Vec::new();
    for path in paths {
        if path == "/" || unique.contains(&path) {
            continue;
        }
        if path.len() > MAX_PATH_BYTES || unique.len() >= MAX_PATHS {
            notes.push(format!("the old address {path:.80} was left out"));
        } else {
            unique.push(path);
        }
    }
    unique
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Checks for `:title`, `{{ … }}` and other parts that the tool replaces.
pub(in crate::import) fn has_placeholder(address: &str) -> bool {
    let begins_name = |after: &str| after.starts_with(|c: char| c.is_ascii_alphabetic());
    let without_scheme = address.split_once("://").map_or(address, |(_, rest)| rest);
    address.contains(['{', '}', '[', '<']) || without_scheme.split(':').skip(1).any(begins_name)
}

/// Returns the last part of an address that says something, without its ending.
fn last_part(address: &str) -> Option<String> {
    if has_placeholder(address) {
        return None;
    }
    let path = without_host(address).0;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts = path.split('/').filter(|part| !part.is_empty());
    let last = parts.rev().find_map(|part| {
        let part = match part.rsplit_once('.') {
            Some((stem, "html" | "htm" | "php" | "aspx" | "asp" | "md" | "xhtml")) => stem,
            _ => part,
        };
        (part != "index").then_some(part)
    })?;
    Some(percent_decoded(last))
}

/// Returns the path of an address of this site. A relative alias of Hugo begins at the folder of the
/// page.
fn path_of(address: &str, own: Option<&str>, site: &Site) -> Option<String> {
    if has_placeholder(address) || address.contains(char::is_whitespace) {
        return None;
    }
    let (path, host) = without_host(address);
    if host.is_some_and(|host| site.host.as_deref().is_some_and(|own| own != host)) {
        return None;
    }
    if host.is_some() && site.host.is_none() && own.is_none() {
        // The address of an unknown host may be that of another site.
        return None;
    }
    let path = path.split('#').next().unwrap_or_default();
    let within_section = site.tool == Tool::Hugo && host.is_none() && !path.starts_with('/');
    let above = own
        .filter(|_| within_section)
        .and_then(|own| own.trim_end_matches('/').rsplit_once('/'))
        .map_or("", |(above, _)| above);
    let path = format!("{above}/{}", path.trim_start_matches('/'));
    Some(path.replace("/./", "/"))
}

/// Splits a URL into path and host.
fn without_host(address: &str) -> (&str, Option<&str>) {
    let Some((_, rest)) = address.split_once("://") else { return (address, None) };
    match rest.find('/') {
        Some(at) => {
            let (host, path) = rest.split_at(at);
            (path, Some(host))
        }
        None => ("/", Some(rest)),
    }
}
