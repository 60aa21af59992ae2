//! Shortcodes of WordPress as HTML. Those of plug-ins stay, and are noted.

use std::collections::HashSet;

use crate::import::shortcodes::note_of;
use crate::import::wordpress::index::Index;

/// Pictures that a gallery may show.
pub(super) struct Gallery<'i> {
    /// Attachments of the site.
    pub(super) index: &'i Index,
    /// Id of the post.
    pub(super) post: u64,
}

/// A shortcode: `[name key="value"]content[/name]`.
struct Shortcode<'t> {
    name: &'t str,
    attributes: Vec<(String, String)>,
    content: Option<&'t str>,
    /// Text after the shortcode.
    rest: &'t str,
}

/// Elements in which nothing is a shortcode.
const VERBATIM: [&str; 4] = ["pre", "code", "script", "style"];
/// Attributes of players that name a file.
const FILES: [&str; 12] =
    ["src", "mp4", "m4v", "webm", "ogv", "flv", "wmv", "mp3", "m4a", "ogg", "wav", "url"];
/// Maximum length of the beginning of a shortcode, in bytes.
const MAX_TAG_BYTES: usize = 4 * 1024;

/// Replaces the shortcodes that WordPress itself documents.
pub(super) fn expand(text: &str, gallery: &mut Gallery<'_>, notes: &mut Vec<String>) -> String {
    let mut html = String::with_capacity(text.len());
    // Names without an end in the rest of the text, so that it is not searched again.
    let mut unclosed = HashSet::new();
    let mut rest = text;
    while let Some(start) = rest.find(['[', '<']) {
        let (before, from) = rest.split_at(start);
        html.push_str(before);
        let verbatim = verbatim_bytes(from);
        if verbatim > 0 {
            let (element, after) = from.split_at(verbatim);
            html.push_str(element);
            rest = after;
        } else if let Some(after) = from.strip_prefix("[[") {
            // Two brackets show a shortcode.
            html.push_str("[[");
            rest = after;
        } else if let Some(code) = shortcode(from, &mut unclosed) {
            if let Some(shown) = known(&code, gallery) {
                html.push_str(&shown);
                rest = code.rest;
            } else {
                note(&code, notes);
                html.push('[');
                rest = from.get(1..).unwrap_or_default();
            }
        } else {
            let (first, after) = from.split_at(1);
            html.push_str(first);
            rest = after;
        }
    }
    html.push_str(rest);
    html
}

/// Returns the length of an element in which nothing is a shortcode, or 0.
fn verbatim_bytes(text: &str) -> usize {
    let Some(inner) = text.strip_prefix('<') else { return 0 };
    let is_named = |name: &&str| {
        let after = inner.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name));
        after.is_some()
            && inner.get(name.len()..).is_some_and(|rest| rest.starts_with([' ', '>', '\n']))
    };
    let Some(name) = VERBATIM.into_iter().find(is_named) else { return 0 };
    text.find(&format!("</{name}")).unwrap_or(text.len())
}

fn shortcode<'t>(text: &'t str, unclosed: &mut HashSet<&'t str>) -> Option<Shortcode<'t>> {
    let inner = text.strip_prefix('[')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let name = inner.get(..inner.find(|c| !is_name(c))?)?;
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let (attributes, after) = attributes(inner.get(name.len()..)?)?;
    let is_empty = attributes.iter().any(|(key, value)| key.is_empty() && value == "/");
    let mut code = Shortcode { name, attributes, content: None, rest: after };
    if !is_empty && !unclosed.contains(name) {
        match after.split_once(&format!("[/{name}]")) {
            Some((content, rest)) if !content.contains(&format!("[{name} ")) => {
                (code.content, code.rest) = (Some(content), rest);
            }
            Some(_) => {}
            None => {
                unclosed.insert(name);
            }
        }
    }
    Some(code)
}

/// Reads attributes up to the closing bracket. Values without a name have an empty one.
fn attributes(text: &str) -> Option<(Vec<(String, String)>, &str)> {
    let mut attributes = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{a0}');
        if text.len() - rest.len() > MAX_TAG_BYTES {
            return None;
        }
        if let Some(after) = rest.strip_prefix(']') {
            return Some((attributes, after));
        }
        let is_end = |c: char| c.is_whitespace() || matches!(c, '=' | ']' | '[' | '<');
        let end = rest.find(is_end)?;
        let (word, after) = rest.split_at(end);
        let (key, value) = match after.strip_prefix('=') {
            Some(after) if !word.is_empty() && !word.contains(['/', ':']) => {
                let (value, after) = value(after)?;
                rest = after;
                (word.to_ascii_lowercase(), value)
            }
            // A URL has signs of its own.
            Some(_) => {
                let end = rest.find(|c: char| c.is_whitespace() || c == ']')?;
                let (word, after) = rest.split_at(end);
                rest = after;
                (String::new(), word)
            }
            None if word.is_empty() => return None,
            None => {
                rest = after;
                (String::new(), word)
            }
        };
        let value = value.trim_matches(['"', '\'', '\u{201d}', '\u{201c}', '\u{2033}']);
        attributes.push((key, value.to_owned()));
    }
}

fn value(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next()?;
    if matches!(quote, '"' | '\'') {
        return text.get(1..)?.split_once(quote);
    }
    let end = text.find(|c: char| c.is_whitespace() || c == ']')?;
    Some(text.split_at(end))
}

/// Returns the HTML of a shortcode that WordPress documents.
fn known(code: &Shortcode<'_>, gallery: &Gallery<'_>) -> Option<String> {
    match code.name {
        "caption" | "wp_caption" => caption(code),
        "gallery" => Some(pictures(code, gallery)),
        "embed" | "video" | "audio" => media(code),
        "youtube" => {
            let id = code.content.or_else(|| code.value("id")).or_else(|| code.value(""))?;
            Some(link(&url_of(id, "https://www.youtube.com/watch?v=")))
        }
        "vimeo" => {
            let id = code.content.or_else(|| code.value("id")).or_else(|| code.value(""))?;
            Some(link(&url_of(id, "https://vimeo.com/")))
        }
        _ => None,
    }
}

impl Shortcode<'_> {
    fn value(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, value)| key == name && value != "/")?;
        Some(found.1.trim()).filter(|value| !value.is_empty())
    }
}

/// Splits `<a><img></a> Caption`.
fn caption(code: &Shortcode<'_>) -> Option<String> {
    let content = code.content?.trim();
    let image = content.find("<img")?;
    let mut end = image + content.get(image..)?.find('>')? + 1;
    if content.starts_with("<a")
        && let Some(link_end) = content.get(end..)?.find("</a>")
    {
        end += link_end + "</a>".len();
    }
    let (picture, text) = content.split_at(end);
    // Until WordPress 3.4 the caption was an attribute.
    let text = if text.trim().is_empty() { code.value("caption").unwrap_or("") } else { text };
    Some(format!("<figure>{picture}<figcaption>{}</figcaption></figure>", text.trim()))
}

fn pictures(code: &Shortcode<'_>, gallery: &Gallery<'_>) -> String {
    let named = code.value("ids").or_else(|| code.value("include"));
    let ids: Vec<u64> = match named {
        Some(ids) => ids.split([',', ' ']).filter_map(|id| id.trim().parse().ok()).collect(),
        None => gallery.index.by_post.get(&gallery.post).cloned().unwrap_or_default(),
    };
    let mut html = String::new();
    for attachment in ids.iter().filter_map(|id| gallery.index.attachments.get(id)) {
        let (url, alt) = (escape(&attachment.url), escape(&attachment.alt));
        let caption = match attachment.caption.trim() {
            "" => String::new(),
            caption => format!("<figcaption>{caption}</figcaption>"),
        };
        let picture = format!("<figure><img src=\"{url}\" alt=\"{alt}\">{caption}</figure>");
        html.push_str(&picture);
    }
    html
}

fn media(code: &Shortcode<'_>) -> Option<String> {
    let named = || FILES.into_iter().find_map(|name| code.value(name));
    let content = code.content.map(str::trim).filter(|content| content.starts_with("http"));
    let url = content.or_else(named).or_else(|| code.value(""))?;
    Some(link(url))
}

fn url_of(id: &str, base: &str) -> String {
    let id = id.trim().trim_start_matches('=');
    if id.contains("://") { id.to_owned() } else { format!("{base}{id}") }
}

fn link(url: &str) -> String {
    let url = escape(&url.replace("&amp;", "&"));
    format!("\n\n<p><a href=\"{url}\">{url}</a></p>\n\n")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Notes what looks like a shortcode of a plug-in, once for each name.
fn note(code: &Shortcode<'_>, notes: &mut Vec<String>) {
    let has_attributes = code.attributes.iter().any(|(key, _)| !key.is_empty());
    let is_compound = code.name.contains(['_', '-']) && code.attributes.is_empty();
    if !has_attributes && code.content.is_none() && !is_compound {
        return;
    }
    let note = note_of(code.name);
    if !notes.contains(&note) && notes.len() < 20 {
        notes.push(note);
    }
}
