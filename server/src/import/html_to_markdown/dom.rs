//! An HTML tree in one vector, so that neither building nor dropping it recurses.

use std::collections::HashSet;

/// Index of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct NodeId(usize);

/// The content of a node.
#[derive(Debug)]
pub(super) enum Content {
    /// The root, or a node without content, such as a comment.
    Empty,
    /// An element in lower case with its attributes.
    Element(String, Vec<(String, String)>),
    /// Text.
    Text(String),
}

#[derive(Debug)]
struct Node {
    content: Content,
    parent: Option<NodeId>,
    previous: Option<NodeId>,
    next: Option<NodeId>,
    first: Option<NodeId>,
    last: Option<NodeId>,
}

/// A tree of elements and texts.
#[derive(Debug, Default)]
pub(super) struct Dom {
    nodes: Vec<Node>,
    /// Nodes with an element below them that makes a block.
    with_blocks: HashSet<NodeId>,
}

/// Elements that make a block of their own.
const BLOCKS: [&str; 46] = [
    "address",
    "article",
    "aside",
    "audio",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "iframe",
    "li",
    "main",
    "menu",
    "nav",
    "object",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
    "video",
    "gazette-verbatim",
    "html",
    "frameset",
];

impl Dom {
    /// Returns the root; an empty tree gets one.
    pub(super) fn root(&mut self) -> NodeId {
        if self.nodes.is_empty() {
            self.add(Content::Empty);
        }
        NodeId(0)
    }

    /// Adds a node without a parent.
    pub(super) fn add(&mut self, content: Content) -> NodeId {
        let id = NodeId(self.nodes.len());
        let (parent, previous, next, first, last) = (None, None, None, None, None);
        self.nodes.push(Node { content, parent, previous, next, first, last });
        id
    }

    /// Returns the number of nodes.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Appends a node to a parent, or inserts it before one of its children.
    pub(super) fn insert(&mut self, parent: NodeId, before: Option<NodeId>, child: NodeId) {
        self.detach(child);
        let previous = match before {
            Some(next) => self.node(next).and_then(|node| node.previous),
            None => self.node(parent).and_then(|node| node.last),
        };
        self.change(child, |node| {
            (node.parent, node.previous, node.next) = (Some(parent), previous, before);
        });
        match previous {
            Some(previous) => self.change(previous, |node| node.next = Some(child)),
            None => self.change(parent, |node| node.first = Some(child)),
        }
        match before {
            Some(next) => self.change(next, |node| node.previous = Some(child)),
            None => self.change(parent, |node| node.last = Some(child)),
        }
    }

    /// Appends text, or inserts it before a child; it joins the text that it follows.
    pub(super) fn insert_text(&mut self, parent: NodeId, before: Option<NodeId>, text: &str) {
        let previous = match before {
            Some(next) => self.node(next).and_then(|node| node.previous),
            None => self.node(parent).and_then(|node| node.last),
        };
        if let Some(previous) = previous
            && let Some(Node { content: Content::Text(present), .. }) =
                self.nodes.get_mut(previous.0)
        {
            present.push_str(text);
            return;
        }
        let child = self.add(Content::Text(text.to_owned()));
        self.insert(parent, before, child);
    }

    /// Takes a node out of its parent.
    pub(super) fn detach(&mut self, id: NodeId) {
        let Some(node) = self.nodes.get_mut(id.0) else { return };
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        let Some(parent) = parent else { return };
        match previous {
            Some(previous) => self.change(previous, |node| node.next = next),
            None => self.change(parent, |node| node.first = next),
        }
        match next {
            Some(next) => self.change(next, |node| node.previous = previous),
            None => self.change(parent, |node| node.last = previous),
        }
    }

    /// Finds the blocks, once the tree is complete.
    pub(super) fn find_blocks(&mut self) {
        for index in 0..self.nodes.len() {
            if !self.is_block(NodeId(index)) {
                continue;
            }
            let mut above = self.parent(NodeId(index));
            while let Some(node) = above.filter(|node| self.with_blocks.insert(*node)) {
                above = self.parent(node);
            }
        }
    }

    /// Checks whether an element makes a block of its own.
    pub(super) fn is_block(&self, id: NodeId) -> bool {
        self.name(id).is_some_and(|name| BLOCKS.contains(&name))
    }

    /// Checks whether an element below a node makes a block.
    pub(super) fn has_blocks(&self, id: NodeId) -> bool {
        self.with_blocks.contains(&id)
    }

    /// Returns the name of an element.
    pub(super) fn name(&self, id: NodeId) -> Option<&str> {
        match &self.node(id)?.content {
            Content::Element(name, _) => Some(name),
            Content::Empty | Content::Text(_) => None,
        }
    }

    /// Returns the attributes of an element.
    pub(super) fn attributes(&self, id: NodeId) -> &[(String, String)] {
        match self.node(id).map(|node| &node.content) {
            Some(Content::Element(_, attributes)) => attributes,
            _ => &[],
        }
    }

    /// Returns an attribute that is not empty.
    pub(super) fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        let found = self.attributes(id).iter().find(|(key, _)| key == name)?;
        Some(found.1.trim()).filter(|value| !value.is_empty())
    }

    /// Checks whether an element has a class.
    pub(super) fn has_class(&self, id: NodeId, class: &str) -> bool {
        self.attribute(id, "class")
            .is_some_and(|all| all.split_whitespace().any(|one| one == class))
    }

    /// Returns the text of a text node.
    pub(super) fn text(&self, id: NodeId) -> Option<&str> {
        match &self.node(id)?.content {
            Content::Text(text) => Some(text),
            Content::Empty | Content::Element(..) => None,
        }
    }

    /// Returns the parent of a node.
    pub(super) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id)?.parent
    }

    /// Returns the children of a node.
    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let first = self.node(id).and_then(|node| node.first);
        std::iter::successors(first, |child| self.node(*child)?.next)
    }

    /// Returns the node and all below it, in the order of the document.
    pub(super) fn descendants(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(id), move |at| {
            let node = self.node(*at)?;
            if node.first.is_some() {
                return node.first;
            }
            let mut at = *at;
            while at != id {
                let node = self.node(at)?;
                if node.next.is_some() {
                    return node.next;
                }
                at = node.parent?;
            }
            None
        })
    }

    /// Returns the text below a node as it is.
    pub(super) fn text_below(&self, id: NodeId) -> String {
        let mut all = String::new();
        for node in self.descendants(id) {
            match self.name(node) {
                Some("br") => all.push('\n'),
                _ => all.push_str(self.text(node).unwrap_or_default()),
            }
        }
        all
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    fn change(&mut self, id: NodeId, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(id.0) {
            change(node);
        }
    }
}
