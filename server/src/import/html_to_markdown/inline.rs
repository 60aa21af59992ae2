//! Text with formatting, links and pictures.

use std::fmt::Write as _;

use crate::import::html_to_markdown::dom::NodeId;
use crate::import::html_to_markdown::escape::{self, link_target};
use crate::import::html_to_markdown::line_writer::{Place, write_line};
use crate::import::html_to_markdown::media::{embed_link, image};
use crate::import::html_to_markdown::page::Page;
use crate::import::html_to_markdown::pieces::{Mark, Pieces};

/// Depth below which only the text is kept.
const MAX_DEPTH: usize = 60;
/// Elements that stay HTML, with their attributes.
const KEPT: [&str; 19] = [
    "abbr", "bdi", "bdo", "big", "cite", "dfn", "ins", "kbd", "mark", "q", "rp", "rt", "ruby",
    "samp", "small", "sub", "sup", "u", "var",
];

/// Returns the Markdown of nodes that are on one line.
pub(super) fn line(page: &Page<'_>, nodes: &[NodeId], place: Place) -> String {
    marked_line(page, nodes, place, None)
}

/// Returns the Markdown of nodes that are on one line, all with a formatting.
pub(super) fn marked_line(
    page: &Page<'_>,
    nodes: &[NodeId],
    place: Place,
    mark: Option<Mark>,
) -> String {
    let mut line = Line { page, pieces: Pieces::default(), links: Vec::new(), place };
    if let Some(mark) = mark {
        line.pieces.open(mark);
    }
    for node in nodes {
        line.node(*node, 0);
    }
    if let Some(mark) = mark {
        line.pieces.close(mark);
    }
    write_line(&line.pieces.finish(), &line.links, place)
}

struct Line<'p, 's> {
    page: &'p Page<'s>,
    pieces: Pieces,
    links: Vec<String>,
    place: Place,
}

impl Line<'_, '_> {
    fn node(&mut self, id: NodeId, depth: usize) {
        let page = self.page;
        if let Some(text) = page.dom.text(id) {
            self.pieces.text(text);
            return;
        }
        let Some(name) = page.dom.name(id) else { return };
        if depth > MAX_DEPTH {
            self.pieces.text(&page.dom.text_below(id));
            return;
        }
        if name != "a"
            && let Some(target) = page.target(id)
            && !page.dom.is_block(id)
        {
            self.pieces.raw(anchor(target));
        }
        self.element(id, name, depth);
    }

    fn element(&mut self, id: NodeId, name: &str, depth: usize) {
        match name {
            "em" | "i" => self.marked(id, Mark::Emphasis, depth),
            "strong" | "b" => self.marked(id, Mark::Strong, depth),
            "del" | "s" | "strike" => self.marked(id, Mark::Struck, depth),
            "a" => self.link(id, depth),
            "br" => self.pieces.line_break(),
            "img" => self.pieces.raw(image(self.page, id)),
            "code" | "tt" => self.code(id),
            "sup" if self.footnote(id) => {}
            "iframe" | "video" | "audio" | "object" | "embed" => {
                self.pieces.raw(embed_link(self.page, id));
            }
            "input" => self.checkbox(id),
            "noscript" if follows_picture(self.page, id) => {}
            "wbr" | "hr" | "source" | "track" | "link" | "meta" => {}
            "script" | "style" | "template" | "head" | "title" | "svg" | "canvas" | "select"
            | "textarea" | "math" => self.leave_out(id, name),
            name if KEPT.contains(&name) => self.kept(id, name, depth),
            "span" | "font" if has_direction(self.page, id) => self.kept(id, "span", depth),
            _ if self.page.dom.is_block(id) => {
                self.pieces.text(" ");
                self.children(id, depth);
                self.pieces.text(" ");
            }
            _ => self.children(id, depth),
        }
    }

    fn children(&mut self, id: NodeId, depth: usize) {
        for child in self.page.dom.children(id) {
            self.node(child, depth + 1);
        }
    }

    fn marked(&mut self, id: NodeId, mark: Mark, depth: usize) {
        let is_new = self.pieces.open(mark);
        self.children(id, depth);
        if is_new {
            self.pieces.close(mark);
        }
    }

    fn link(&mut self, id: NodeId, depth: usize) {
        let page = self.page;
        if let Some(target) = page.target(id) {
            self.pieces.raw(anchor(target));
        }
        let url = page.dom.attribute(id, "href").unwrap_or_default();
        if let Some(note) = page.note(url) {
            self.pieces.raw(format!("[^{}]", note.number));
            return;
        }
        let is_back_link = page.dom.attribute(id, "class").is_some_and(|class| {
            class.contains("footnote-back") || class.contains("reversefootnote")
        }) || page.dom.attribute(id, "role") == Some("doc-backlink");
        let own = page.fragment(url).map(|fragment| format!("#{fragment}"));
        let target = link_target(own.as_deref().unwrap_or(url));
        let target = target.filter(|_| !shows_its_picture(page, id, url));
        match target {
            _ if is_back_link => {}
            Some(mut target) => {
                if let Some(title) = page.dom.attribute(id, "title") {
                    target.push(' ');
                    target.push_str(&escape::title(title));
                }
                let mark = Mark::Link(self.links.len());
                self.links.push(target);
                self.marked(id, mark, depth);
            }
            None => self.children(id, depth),
        }
    }

    /// Writes a reference to a note, which may be a link within a raised text.
    fn footnote(&mut self, id: NodeId) -> bool {
        let page = self.page;
        let note =
            page.dom.descendants(id).find_map(|id| page.note(page.dom.attribute(id, "href")?));
        if let Some(note) = note {
            self.pieces.raw(format!("[^{}]", note.number));
        }
        note.is_some()
    }

    fn code(&mut self, id: NodeId) {
        let text = self.page.dom.text_below(id);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return;
        }
        if self.pieces.ends_with_code() {
            self.pieces.raw(format!("<code>{}</code>", escape::escape(&text)));
            return;
        }
        let fence = "`".repeat(longest_run(&text, '`') + 1);
        let has_sign = text.starts_with('`') || text.ends_with('`');
        let space = if has_sign { " " } else { "" };
        self.pieces.raw(format!("{fence}{space}{text}{space}{fence}"));
    }

    fn checkbox(&mut self, id: NodeId) {
        let page = self.page;
        if page.dom.attribute(id, "type") != Some("checkbox") || self.place == Place::Cell {
            page.leave_out("form field");
            return;
        }
        let is_checked = page.dom.attributes(id).iter().any(|(name, _)| name == "checked");
        self.pieces.raw(if is_checked { "[x]" } else { "[ ]" }.to_owned());
        self.pieces.text(" ");
    }

    fn kept(&mut self, id: NodeId, name: &str, depth: usize) {
        let mut tag = format!("<{name}");
        for (key, value) in self.page.dom.attributes(id) {
            let is_kept = matches!(key.as_str(), "title" | "lang" | "dir")
                || key == "cite" && link_target(value).is_some();
            if is_kept && !value.contains('\n') {
                let _ = write!(tag, " {key}=\"{}\"", escape::html(value));
            }
        }
        tag.push('>');
        self.pieces.raw(tag);
        self.children(id, depth);
        self.pieces.raw(format!("</{name}>"));
    }

    fn leave_out(&mut self, id: NodeId, name: &str) {
        let page = self.page;
        let source = page.dom.attribute(id, "src").filter(|url| url.contains("gist.github.com/"));
        match (name, source.and_then(link_target)) {
            ("script", Some(url)) => {
                let url = url.trim_end_matches(".js").to_owned();
                self.pieces.raw(format!("[{}]({url})", escape::escape(&url)));
            }
            ("script", None) => page.leave_out("script"),
            ("svg" | "canvas", _) => page.leave_out("drawing"),
            ("math", _) => self.pieces.text(&page.dom.text_below(id)),
            ("select" | "textarea", _) => page.leave_out("form field"),
            _ => {}
        }
    }
}

/// Returns an anchor that links within the page can point to.
pub(super) fn anchor(target: &str) -> String {
    format!("<a id=\"{target}\"></a>")
}

/// Checks whether an element names its language or direction.
pub(super) fn has_direction(page: &Page<'_>, id: NodeId) -> bool {
    page.dom.attribute(id, "dir").or_else(|| page.dom.attribute(id, "lang")).is_some()
}

/// Returns the length of the longest run of a character.
pub(super) fn longest_run(text: &str, sign: char) -> usize {
    text.split(|c| c != sign).map(str::len).max().unwrap_or(0)
}

/// Checks whether a script loads the picture that `noscript` shows without it.
fn follows_picture(page: &Page<'_>, id: NodeId) -> bool {
    let siblings = page.dom.parent(id).into_iter().flat_map(|parent| page.dom.children(parent));
    siblings.take(20).any(|sibling| page.dom.name(sibling) == Some("img"))
}

/// Checks whether a link only opens the file of the picture within it.
fn shows_its_picture(page: &Page<'_>, id: NodeId, url: &str) -> bool {
    let mut below = page.dom.descendants(id);
    let Some(image) = below.find(|id| page.dom.name(*id) == Some("img")) else { return false };
    let source = page.dom.attribute(image, "src").unwrap_or_default();
    let stem = |url: &str| {
        let name = url.split(['?', '#']).next().and_then(|path| path.rsplit('/').next());
        let stem = name.and_then(|name| name.rsplit_once('.')).map(|(stem, _)| stem.to_owned());
        stem.map(|stem| match stem.rsplit_once('-') {
            Some((before, size)) if is_size(size) => before.to_owned(),
            _ => stem,
        })
    };
    stem(url).is_some() && stem(url) == stem(source)
}

fn is_size(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text == "scaled" || text.split_once('x').is_some_and(|(w, h)| digits(w) && digits(h))
}
