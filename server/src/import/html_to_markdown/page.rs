//! A page of HTML, and what must be known of all of it before a part is written.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::import::html_to_markdown::dom::{Dom, NodeId};

/// A page of HTML.
pub(super) struct Page<'s> {
    /// Its tree.
    pub(super) dom: Dom,
    /// Markdown for the elements `<gazette-verbatim n="0">`.
    pub(super) verbatim: &'s [String],
    /// URL of the page, which its links to itself may begin with.
    own_url: Option<&'s str>,
    /// Ids that links within the page point to.
    targets: HashSet<String>,
    /// Notes by their id.
    notes: HashMap<String, Note>,
    /// Containers of notes.
    note_lists: HashSet<NodeId>,
    /// Kinds of content that were left out, with their numbers.
    left_out: RefCell<BTreeMap<&'static str, usize>>,
}

/// A footnote.
#[derive(Clone, Copy)]
pub(super) struct Note {
    /// Its element.
    pub(super) element: NodeId,
    /// Its number in the order of the notes.
    pub(super) number: usize,
}

impl<'s> Page<'s> {
    /// Looks through a tree for links within it and for footnotes.
    pub(super) fn new(
        dom: Dom,
        root: NodeId,
        own_url: Option<&'s str>,
        verbatim: &'s [String],
    ) -> Self {
        let mut page = Self {
            dom,
            verbatim,
            own_url: own_url.filter(|url| !url.is_empty()),
            targets: HashSet::new(),
            notes: HashMap::new(),
            note_lists: HashSet::new(),
            left_out: RefCell::default(),
        };
        let all: Vec<NodeId> = page.dom.descendants(root).collect();
        let links = all.iter().filter_map(|id| page.dom.attribute(*id, "href"));
        page.targets = links.filter_map(|url| page.fragment(url)).map(str::to_owned).collect();
        page.find_notes(&all);
        page
    }

    /// Returns the id that a link within the page points to.
    pub(super) fn fragment<'u>(&self, url: &'u str) -> Option<&'u str> {
        let own = self.own_url.and_then(|own| url.strip_prefix(own));
        let rest = own.unwrap_or(url).strip_prefix('#')?;
        Some(rest).filter(|id| !id.is_empty())
    }

    /// Returns the id of an element, if a link within the page points to it.
    pub(super) fn target(&self, id: NodeId) -> Option<&str> {
        let name = self.dom.attribute(id, "id").or_else(|| {
            let is_anchor = self.dom.name(id) == Some("a");
            is_anchor.then(|| self.dom.attribute(id, "name")).flatten()
        })?;
        let is_plain =
            |c: char| !c.is_whitespace() && !matches!(c, '"' | '{' | '}' | '<' | '>' | '&');
        (self.targets.contains(name) && name.chars().all(is_plain)).then_some(name)
    }

    /// Returns the note that a link points to.
    pub(super) fn note(&self, url: &str) -> Option<Note> {
        self.notes.get(self.fragment(url)?).copied()
    }

    /// Returns the notes in their order.
    pub(super) fn notes(&self) -> Vec<Note> {
        let mut notes: Vec<Note> = self.notes.values().copied().collect();
        notes.sort_by_key(|note| note.number);
        notes
    }

    /// Checks whether an element is a container of notes.
    pub(super) fn is_note_list(&self, id: NodeId) -> bool {
        self.note_lists.contains(&id)
    }

    /// Counts something that is left out.
    pub(super) fn leave_out(&self, kind: &'static str) {
        *self.left_out.borrow_mut().entry(kind).or_default() += 1;
    }

    /// Returns what was left out, a line each.
    pub(super) fn left_out(&self) -> Vec<String> {
        let left_out = self.left_out.borrow();
        left_out.iter().map(|(kind, count)| format!("{count} × {kind} left out")).collect()
    }

    fn find_notes(&mut self, all: &[NodeId]) {
        let is_list = |id: &&NodeId| {
            let class = self.dom.attribute(**id, "class").unwrap_or_default();
            let role = self.dom.attribute(**id, "role").unwrap_or_default();
            let is_named = class
                .split_whitespace()
                .any(|class| matches!(class, "footnotes" | "wp-block-footnotes"));
            (is_named || role == "doc-endnotes")
                && matches!(self.dom.name(**id), Some("section" | "div" | "ol" | "aside"))
        };
        let lists: Vec<NodeId> = all.iter().filter(is_list).copied().collect();
        for list in lists {
            let items = self.dom.descendants(list).filter(|id| self.dom.name(*id) == Some("li"));
            let items: Vec<(String, NodeId)> = items
                .filter_map(|item| Some((self.dom.attribute(item, "id")?.to_owned(), item)))
                .filter(|(id, _)| self.targets.contains(id))
                .collect();
            if items.is_empty() {
                continue;
            }
            self.note_lists.insert(list);
            for (id, element) in items {
                let number = self.notes.len() + 1;
                self.notes.entry(id).or_insert(Note { element, number });
            }
        }
    }
}
