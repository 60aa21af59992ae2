//! Allowed places of elements (the content models of the HTML standard).
//!
//! Stories bring HTML that browsers repair and validators refuse. The elements that may not be where
//! they are become others that may, or only their content stays.

use crate::markdown::content_facts::{Facts, is_block, is_table_part, is_void};
use crate::markdown::scan::{Piece, Tag, pieces};

/// Title of a part that can be unfolded, if it has none.
const SUMMARY: &str = "<summary>Details</summary>";

/// Puts the elements of clean HTML where they may be. No text is lost.
pub(super) fn apply(html: &str) -> String {
    let pieces: Vec<Piece<'_>> = pieces(html).collect();
    let facts = Facts::of(&pieces);
    let mut writer = Writer { html: String::with_capacity(html.len()), open: Vec::new() };
    // A summary is written where its element begins, before what stands above it.
    let mut ranges: Vec<_> = std::iter::once(0..pieces.len()).collect();
    let mut is_written = vec![false; pieces.len()];
    while let Some(range) = ranges.last_mut() {
        let Some(index) = range.next() else {
            ranges.pop();
            continue;
        };
        if is_written.get(index).copied().unwrap_or(true) {
            continue;
        }
        if let Some(end) = facts.empty_heading(index) {
            range.start = end;
            continue;
        }
        if let Some(written) = is_written.get_mut(index) {
            *written = true;
        }
        match pieces.get(index) {
            Some(Piece::Text(text)) => writer.text(text),
            Some(Piece::Open(tag)) => {
                writer.open(tag, index, &facts);
                ranges.extend(facts.late_summary(index));
            }
            Some(Piece::Close(_)) => writer.close(),
            None => {}
        }
    }
    writer.html
}

/// Content that an element may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// Blocks and text.
    Flow,
    /// Text and what is within lines.
    Phrasing,
    /// Items.
    List,
    /// Terms and what they mean.
    Terms,
    /// Parts of a table, which the parser has put in order.
    Table,
    /// Text with readings above it.
    Ruby,
}

/// An element that is open.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own")]
struct Open<'a> {
    /// Name under which it is written; `None` if only its content is.
    name: Option<&'a str>,
    content: Content,
    /// An item has begun that the list does not have.
    has_item: bool,
    is_preformatted: bool,
    /// Headings are not allowed in it.
    is_header: bool,
    /// Links and what can be operated are not allowed in it.
    is_link: bool,
}

const BODY: Open<'static> = Open {
    name: None,
    content: Content::Flow,
    has_item: false,
    is_preformatted: false,
    is_header: false,
    is_link: false,
};

struct Writer<'a> {
    html: String,
    open: Vec<Open<'a>>,
}

impl<'a> Writer<'a> {
    fn parent(&self) -> Open<'a> {
        self.open.last().copied().unwrap_or(BODY)
    }

    fn text(&mut self, text: &str) {
        if !text.trim_ascii().is_empty() {
            self.begin_item();
        }
        self.html.push_str(text);
    }

    /// Begins an item for what is in a list outside its items.
    fn begin_item(&mut self) {
        if let Some(open) = self.open.last_mut()
            && open.content == Content::List
            && !open.has_item
        {
            open.has_item = true;
            self.html.push_str("<li>");
        }
    }

    fn end_item(&mut self) {
        if let Some(open) = self.open.last_mut()
            && open.has_item
        {
            open.has_item = false;
            self.html.push_str("</li>");
        }
    }

    fn open(&mut self, tag: &Tag<'a>, index: usize, facts: &Facts) {
        if tag.name == "li" {
            self.end_item();
        } else {
            self.begin_item();
        }
        let mut parent = self.parent();
        if parent.content == Content::List && tag.name != "li" {
            parent.content = Content::Flow;
        }
        let element = place(parent, tag, index, facts);
        match element.name {
            Some(name) => self.tag(name, tag),
            // Words of two blocks must not become one.
            None if is_block(tag.name) => {
                self.html.push(if parent.is_preformatted { '\n' } else { ' ' });
            }
            None => {}
        }
        if is_void(tag.name) {
            return;
        }
        self.open.push(Open { has_item: false, ..element });
        if element.name == Some("details") && !facts.has_summary(index) {
            self.html.push_str(SUMMARY);
        }
    }

    fn close(&mut self) {
        self.end_item();
        if let Some(Open { name: Some(name), .. }) = self.open.pop() {
            self.html.extend(["</", name, ">"]);
        }
    }

    fn tag(&mut self, name: &str, tag: &Tag<'_>) {
        self.html.extend(["<", name]);
        for (attribute, value) in tag.attributes() {
            self.html.extend([" ", attribute, "=\"", value, "\""]);
        }
        self.html.push('>');
    }
}

/// Decides how an element is written, and what may be in it.
#[allow(clippy::match_same_arms, reason = "the first arm that matches decides")]
fn place<'a>(parent: Open<'a>, tag: &Tag<'a>, index: usize, facts: &Facts) -> Open<'a> {
    let keep = |content| Open { name: Some(tag.name), content, ..parent };
    let unwrap = Open { name: None, ..parent };
    let rename = |name| Open { name: Some(name), content: Content::Flow, ..parent };
    let is_phrasing = parent.content == Content::Phrasing;
    let in_terms = parent.content == Content::Terms;
    match tag.name {
        "li" if parent.content == Content::List => keep(Content::Flow),
        "dt" if in_terms => Open { is_header: true, ..keep(Content::Flow) },
        "dd" if in_terms => keep(Content::Flow),
        "summary" if facts.is_title(index) && parent.name == Some("details") => {
            keep(Content::Phrasing)
        }
        "figcaption" if facts.is_title(index) && parent.name == Some("figure") => {
            keep(Content::Flow)
        }
        "rt" | "rp" if parent.content == Content::Ruby => keep(Content::Phrasing),
        "rt" | "rp" => unwrap,
        "ruby" if facts.has_reading(index) && parent.content != Content::Ruby => {
            keep(Content::Ruby)
        }
        "ruby" => unwrap,
        name if is_table_part(name) => table_part(parent, tag),
        name if is_block(name) && (is_phrasing || parent.content == Content::Ruby) => unwrap,
        "li" | "dd" | "dt" | "summary" | "figcaption" => rename("div"),
        "details" if parent.is_link => rename("div"),
        "ul" | "ol" => keep(Content::List),
        "dl" if facts.has_terms(index) => keep(Content::Terms),
        "dl" => rename("div"),
        "table" => keep(Content::Table),
        "h2" | "h3" | "h4" | "h5" | "h6" if parent.is_header => rename("p").phrasing(),
        "article" | "section" | "aside" if parent.is_header => rename("div"),
        "p" | "h2" | "h3" | "h4" | "h5" | "h6" => keep(Content::Phrasing),
        "pre" => Open { is_preformatted: true, ..keep(Content::Phrasing) },
        name if is_block(name) => keep(Content::Flow),
        "a" | "input" if parent.is_link => unwrap,
        "a" => {
            Open { is_link: tag.attribute("href").is_some(), ..within(parent, tag, index, facts) }
        }
        _ => within(parent, tag, index, facts),
    }
}

/// Places an element that is within lines.
fn within<'a>(parent: Open<'a>, tag: &Tag<'a>, index: usize, facts: &Facts) -> Open<'a> {
    let has_blocks = facts.has_blocks(index) && parent.content == Content::Flow;
    let (name, content) = match tag.name {
        "a" | "del" | "ins" if has_blocks => (Some(tag.name), Content::Flow),
        "span" if has_blocks => (Some("div"), Content::Flow),
        _ if has_blocks => (None, Content::Flow),
        _ => (Some(tag.name), Content::Phrasing),
    };
    Open { name, content, ..parent }
}

fn table_part<'a>(parent: Open<'a>, tag: &Tag<'a>) -> Open<'a> {
    let is_in_table = parent.content == Content::Table;
    let content = match tag.name {
        "td" | "th" | "caption" => Content::Flow,
        _ => Content::Table,
    };
    let is_header = parent.is_header || tag.name == "th";
    if is_in_table {
        Open { name: Some(tag.name), content, is_header, ..parent }
    } else {
        Open { name: None, ..parent }
    }
}

impl Open<'_> {
    fn phrasing(self) -> Self {
        Self { content: Content::Phrasing, ..self }
    }
}

#[cfg(test)]
mod tests;
