//! Targets of the links within a story.

use std::collections::{HashMap, HashSet};

use comrak::Anchorizer;

use crate::markdown::ids::{ID_PREFIX, is_footnote, kramdown_letters, letters, normalized};
use crate::markdown::scan::{Piece, pieces, unescape};

/// Prefix of the ids on GitHub's pages.
const GITHUB_PREFIX: &str = "user-content-";

/// Ids of a story, and the names by which links may know them.
pub(super) struct Targets {
    ids: HashSet<String>,
    /// Ids by the letters of their names and of their headings.
    by_letters: HashMap<String, String>,
    /// Ids of the headings, in order; `None` for one that can have none.
    pub(super) headings: Vec<Option<String>>,
}

struct Heading {
    id: Option<String>,
    text: String,
}

impl Targets {
    /// Finds the ids in clean HTML, and names the headings that have none.
    pub(super) fn of(html: &str) -> Self {
        let (ids, headings) = ids_and_headings(html);
        let by_letters = HashMap::with_capacity(ids.len());
        let mut targets = Self { ids, by_letters, headings: Vec::with_capacity(headings.len()) };
        targets.name_headings(&headings);
        let named: Vec<String> = targets.ids.iter().cloned().collect();
        for id in named {
            let name = id.strip_prefix(ID_PREFIX).unwrap_or(&id);
            targets.by_letters.entry(letters(name)).or_insert(id);
        }
        targets.by_letters.remove("");
        targets
    }

    fn name_headings(&mut self, headings: &[Heading]) {
        let mut anchors = Anchorizer::new();
        for heading in headings {
            let id = heading.id.clone().or_else(|| self.new_id(&mut anchors, &heading.text));
            if let Some(id) = &id {
                for name in [letters(&heading.text), kramdown_letters(&heading.text)] {
                    self.by_letters.entry(name).or_insert_with(|| id.clone());
                }
            }
            self.headings.push(id);
        }
        for id in self.headings.iter().flatten() {
            self.ids.insert(id.clone());
        }
    }

    /// Returns the id that GitHub gives to a heading. No other element has it.
    fn new_id(&self, anchors: &mut Anchorizer, text: &str) -> Option<String> {
        loop {
            let name = anchors.anchorize(text.trim());
            if name.is_empty() {
                return None;
            }
            let id = format!("{ID_PREFIX}{name}");
            if !self.ids.contains(&id) {
                return Some(id);
            }
        }
    }

    /// Returns the id to which a link points that names `fragment` after its `#`.
    pub(super) fn find(&self, fragment: &str) -> Option<&str> {
        let name = normalized(fragment);
        let name = name.strip_prefix(GITHUB_PREFIX).unwrap_or(&name);
        if is_footnote(fragment)
            && let Some(id) = self.ids.get(fragment)
        {
            return Some(id);
        }
        let exact = self.ids.get(&format!("{ID_PREFIX}{name}"));
        exact.or_else(|| self.by_letters.get(&letters(name))).map(String::as_str)
    }
}

/// Returns all ids, and the headings with their texts.
fn ids_and_headings(html: &str) -> (HashSet<String>, Vec<Heading>) {
    let (mut ids, mut headings) = (HashSet::new(), Vec::new());
    let mut heading: Option<Heading> = None;
    for piece in pieces(html) {
        match piece {
            Piece::Open(tag) => {
                let id = tag.attribute("id").map(String::from);
                ids.extend(id.clone());
                if is_heading(tag.name) {
                    headings.extend(heading.take());
                    heading = Some(Heading { id, text: String::new() });
                }
            }
            Piece::Text(text) => {
                if let Some(heading) = &mut heading {
                    heading.text.push_str(&unescape(text));
                }
            }
            Piece::Close(name) if is_heading(name) => headings.extend(heading.take()),
            Piece::Close(_) => {}
        }
    }
    headings.extend(heading);
    (ids, headings)
}

/// Returns whether an element is a heading.
pub(super) fn is_heading(name: &str) -> bool {
    matches!(name, "h2" | "h3" | "h4" | "h5" | "h6")
}
