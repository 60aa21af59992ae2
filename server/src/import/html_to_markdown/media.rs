//! Pictures, videos and other embedded things.

use crate::import::html_to_markdown::dom::NodeId;
use crate::import::html_to_markdown::escape::{self, escape, link_target};
use crate::import::html_to_markdown::page::Page;

/// Attributes in which scripts that load pictures late keep the URL.
const LATE_SOURCES: [&str; 5] =
    ["data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file"];

/// Returns a picture; empty if its file is not known.
pub(super) fn image(page: &Page<'_>, id: NodeId) -> String {
    let attribute = |name: &str| page.dom.attribute(id, name);
    let is_data = |url: &&str| url.starts_with("data:");
    let source = attribute("src").filter(|url| !is_data(url));
    let late = LATE_SOURCES.into_iter().find_map(attribute).filter(|url| !is_data(url));
    let from_set = || attribute("srcset")?.split_whitespace().next();
    let Some(url) = source.or(late).or_else(from_set).and_then(link_target) else {
        page.leave_out("embedded picture");
        return String::new();
    };
    let alt = attribute("alt").unwrap_or_default();
    let alt = escape(&alt.split_whitespace().collect::<Vec<_>>().join(" "));
    match attribute("title").filter(|title| Some(*title) != attribute("alt")) {
        Some(title) => format!("![{alt}]({url} {})", escape::title(title)),
        None => format!("![{alt}]({url})"),
    }
}

/// Returns a link to an embedded thing that readers of Markdown cannot embed.
pub(super) fn embed_link(page: &Page<'_>, id: NodeId) -> String {
    let below = || page.dom.descendants(id).find_map(|id| page.dom.attribute(id, "src"));
    let of_object = || page.dom.attribute(id, "data");
    let Some(url) = below().or_else(of_object) else {
        page.leave_out("embedded media");
        return String::new();
    };
    let Some(target) = link_target(&with_scheme(url)) else { return String::new() };
    let title = ["title", "aria-label"].into_iter().find_map(|name| page.dom.attribute(id, name));
    let file = url.split(['?', '#']).next().and_then(|path| path.rsplit('/').next());
    let name = title.or(file.filter(|file| !file.is_empty())).unwrap_or(url);
    format!("[{}]({target})", escape(&name.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// Returns a frame, which the renderer of stories turns into a link.
pub(super) fn frame(page: &Page<'_>, id: NodeId) -> Option<String> {
    let late = || page.dom.attribute(id, "data-src");
    let url = page.dom.attribute(id, "src").filter(|url| *url != "about:blank").or_else(late);
    let url = url.map(with_scheme).filter(|url| url.starts_with("http"));
    let Some(url) = url else {
        page.leave_out("frame");
        return None;
    };
    let title = page.dom.attribute(id, "title").unwrap_or_default();
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let url: String = url.chars().filter(|c| !c.is_whitespace()).collect();
    let title =
        if title.is_empty() { title } else { format!(" title=\"{}\"", escape::html(&title)) };
    Some(format!("<iframe src=\"{}\"{title}></iframe>", escape::html(&url)))
}

fn with_scheme(url: &str) -> String {
    if url.starts_with("//") { format!("https:{url}") } else { url.to_owned() }
}
