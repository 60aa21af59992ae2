//! Last changes to the clean HTML of a story: links within it, directions and pictures.

use std::collections::HashSet;

use crate::markdown::direction::{directions, is_block};
use crate::markdown::pictures::{NoPictures, Pictures};
use crate::markdown::scan::{Piece, Tag, pieces, push_escaped};
use crate::markdown::targets::{Targets, is_heading};
use crate::markdown::url::valid_url;

/// Width of a picture in a story, as the style sheet sets it.
const SIZES: &str = "(min-width: 45em) 42.5rem, 100vw";

/// Points the links within a story to their targets, drops those that have none, names the
/// headings, and says how pictures load and which direction each block has.
///
/// Without the directions, and then without the facts of pictures, if the HTML would become larger
/// than `max_bytes` by them.
pub(super) fn finish(html: &str, max_bytes: usize, pictures: &dyn Pictures) -> String {
    let targets = Targets::of(html);
    let finished = Finisher::new(&targets, directions(html), pictures).run(html);
    if finished.len() <= max_bytes {
        return finished;
    }
    let finished = Finisher::new(&targets, Vec::new(), pictures).run(html);
    if finished.len() <= max_bytes {
        return finished;
    }
    Finisher::new(&targets, Vec::new(), &NoPictures).run(html)
}

struct Finisher<'a> {
    html: String,
    targets: &'a Targets,
    headings: std::slice::Iter<'a, Option<String>>,
    directions: std::vec::IntoIter<&'static str>,
    pictures: &'a dyn Pictures,
    /// Ids that are written already.
    ids: HashSet<String>,
    /// For each open `a`, whether it is written.
    anchors: Vec<bool>,
    /// Start of an empty paragraph that has just begun.
    paragraph: Option<usize>,
}

impl<'a> Finisher<'a> {
    fn new(
        targets: &'a Targets,
        directions: Vec<&'static str>,
        pictures: &'a dyn Pictures,
    ) -> Self {
        Self {
            html: String::new(),
            targets,
            headings: targets.headings.iter(),
            directions: directions.into_iter(),
            pictures,
            ids: HashSet::new(),
            anchors: Vec::new(),
            paragraph: None,
        }
    }

    fn run(mut self, html: &str) -> String {
        self.html.reserve(html.len() + html.len() / 4);
        for piece in pieces(html) {
            match piece {
                Piece::Text(text) => {
                    if !text.trim_ascii().is_empty() {
                        self.paragraph = None;
                    }
                    self.html.push_str(text);
                }
                Piece::Open(tag) => self.open(&tag),
                Piece::Close("a") => {
                    if self.anchors.pop().unwrap_or(true) {
                        self.html.push_str("</a>");
                    }
                }
                Piece::Close("p") if let Some(start) = self.paragraph.take() => {
                    self.html.truncate(start);
                }
                Piece::Close(name) => self.html.extend(["</", name, ">"]),
            }
        }
        self.html
    }

    fn open(&mut self, tag: &Tag<'_>) {
        self.paragraph = (tag.name == "p").then_some(self.html.len());
        let href = tag.attribute("href");
        let target = href.as_deref().and_then(|href| href.strip_prefix('#'));
        let target = target.map(|name| self.targets.find(name));
        let is_link = href.is_some() && target != Some(None);
        let id = self.id(tag);
        if id.is_some() {
            self.paragraph = None;
        }
        if tag.name == "a" {
            let is_written = is_link || id.is_some();
            self.anchors.push(is_written);
            if !is_written {
                return;
            }
        }
        if tag.name == "img" && tag.attribute("src").is_none() {
            return;
        }
        self.html.extend(["<", tag.name]);
        for (name, value) in tag.attributes() {
            match (name, target) {
                ("id", _) | ("href", Some(None)) => {}
                ("rel" | "hreflang", _) if !is_link => {}
                ("href", Some(Some(target))) => {
                    let href = format!("#{target}");
                    self.attribute("href", &[&valid_url(&href).unwrap_or_default()]);
                }
                _ => self.html.extend([" ", name, "=\"", value, "\""]),
            }
        }
        if let Some(id) = id {
            self.attribute("id", &[&id]);
        }
        self.direction(tag);
        self.picture(tag);
        self.html.push('>');
    }

    /// Returns the id of an element, unless an element before it has the same.
    fn id(&mut self, tag: &Tag<'_>) -> Option<String> {
        let id = if is_heading(tag.name) {
            self.headings.next().cloned().flatten()
        } else {
            tag.attribute("id").map(String::from)
        };
        id.filter(|id| self.ids.insert(id.clone()))
    }

    fn direction(&mut self, tag: &Tag<'_>) {
        if !is_block(tag.name) {
            return;
        }
        let direction = self.directions.next().unwrap_or("");
        if !direction.is_empty() && tag.attribute("dir").is_none() {
            self.attribute("dir", &[direction]);
        }
    }

    fn picture(&mut self, tag: &Tag<'_>) {
        if tag.name != "img" {
            return;
        }
        let source = tag.attribute("src").unwrap_or_default();
        if let Some(facts) = self.pictures.facts(&source) {
            if tag.attribute("width").is_none() && tag.attribute("height").is_none() {
                self.attribute("width", &[&facts.width.to_string()]);
                self.attribute("height", &[&facts.height.to_string()]);
            }
            if !facts.srcset.is_empty() {
                self.attribute("srcset", &[&facts.srcset]);
                self.attribute("sizes", &[SIZES]);
            }
        }
        self.html.push_str(" loading=\"lazy\" decoding=\"async\"");
    }

    fn attribute(&mut self, name: &str, value: &[&str]) {
        self.html.extend([" ", name, "=\""]);
        for part in value {
            push_escaped(&mut self.html, part);
        }
        self.html.push('"');
    }
}
