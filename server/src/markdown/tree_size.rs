//! An HTML tree that holds no content, only what building the real one would cost.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName, local_name, ns};

use crate::markdown::error::{MAX_LEVELS, RenderError};

/// Maximum depth of the tree. A list counts as one level and is two elements.
const MAX_TREE_DEPTH: usize = 2 * MAX_LEVELS + 56;
/// Maximum number of steps of building the tree; this many take about 100 ms.
const MAX_STEPS: usize = 20_000_000;

/// Steps of comparing attributes that are added to an element with one that it has.
const STEPS_PER_ADDED_ATTRIBUTE: usize = 20;

/// An element, a comment, or the root.
pub(super) struct Node {
    index: usize,
    name: QualName,
}

/// Place of a node in the tree.
#[derive(Default)]
struct Links {
    parent: Option<usize>,
    /// `None` is a text.
    children: Vec<Option<usize>>,
    /// `true` if the node counts as a level.
    is_level: bool,
}

/// Counts the size, the depth and the steps of building a tree.
pub(super) struct TreeSize {
    root: Rc<Node>,
    links: RefCell<Vec<Links>>,
    bytes: Cell<usize>,
    steps: Cell<usize>,
    depth: Cell<usize>,
    /// Attributes that tags added to an element that exists already.
    added_attributes: Cell<usize>,
    is_too_deep: Cell<bool>,
}

impl TreeSize {
    pub(super) fn new() -> Self {
        let name = QualName::new(None, ns!(), local_name!(""));
        Self {
            root: Rc::new(Node { index: 0, name }),
            links: RefCell::new(vec![Links::default()]),
            bytes: Cell::default(),
            steps: Cell::default(),
            depth: Cell::default(),
            added_attributes: Cell::default(),
            is_too_deep: Cell::default(),
        }
    }

    /// Checks what was built so far.
    pub(super) fn check(&self, max_bytes: usize) -> Result<(), RenderError> {
        if self.is_too_deep.get() {
            Err(RenderError::TooDeep)
        } else if self.bytes.get() > max_bytes {
            Err(RenderError::TooLarge(max_bytes))
        } else if self.steps.get() > MAX_STEPS {
            Err(RenderError::TooSlow)
        } else {
            Ok(())
        }
    }

    /// Counts steps; `units` of them for each level of the current depth.
    pub(super) fn count_steps_by_depth(&self, units: usize) {
        self.count_steps(units.saturating_mul(self.depth.get()));
    }

    fn count_steps(&self, steps: usize) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    fn count_bytes(&self, bytes: usize) {
        self.bytes.set(self.bytes.get().saturating_add(bytes));
    }

    fn new_node(&self, name: QualName, parent: Option<usize>) -> Rc<Node> {
        let is_level = !matches!(&*name.local, "" | "ul" | "ol" | "p" | "br" | "img" | "input");
        let mut links = self.links.borrow_mut();
        let index = links.len();
        links.push(Links { parent, children: Vec::new(), is_level });
        Rc::new(Node { index, name })
    }

    /// Returns a node's parent and its position there; counts the steps of finding it.
    fn place(&self, node: &Node) -> Option<(usize, usize)> {
        let links = self.links.borrow();
        let parent = links.get(node.index)?.parent?;
        let siblings = &links.get(parent)?.children;
        let position = siblings.iter().position(|child| *child == Some(node.index))?;
        self.count_steps(siblings.len());
        Some((parent, position))
    }

    /// Inserts a node or text at a position of the parent, or at its end.
    fn insert(&self, parent: usize, position: Option<usize>, child: NodeOrText<Rc<Node>>) {
        let child = match child {
            NodeOrText::AppendNode(node) => Some(node.index),
            NodeOrText::AppendText(text) => {
                self.count_bytes(text.len());
                None
            }
        };
        let mut links = self.links.borrow_mut();
        if let Some(siblings) = links.get_mut(parent).map(|links| &mut links.children) {
            let position = position.unwrap_or(siblings.len()).min(siblings.len());
            let before = position.checked_sub(1).and_then(|before| siblings.get(before));
            if child.is_none() && before == Some(&None) {
                return;
            }
            self.count_steps(siblings.len() - position);
            siblings.insert(position, child);
        }
        let Some(child) = child else { return };
        if let Some(links) = links.get_mut(child) {
            links.parent = Some(parent);
        }
        self.measure_depth(&links, child);
    }

    fn measure_depth(&self, links: &[Links], index: usize) {
        let (mut depth, mut levels) = (0_usize, 0_usize);
        let mut next = links.get(index);
        while let Some(node) = next {
            depth += 1;
            levels += usize::from(node.is_level);
            next = node.parent.and_then(|parent| links.get(parent));
        }
        self.depth.set(depth);
        self.count_steps(depth);
        // The `html` element around the fragment is not a level of the body.
        if depth > MAX_TREE_DEPTH || levels > MAX_LEVELS + 1 {
            self.is_too_deep.set(true);
        }
    }
}

impl TreeSink for TreeSize {
    type Handle = Rc<Node>;
    type Output = ();
    type ElemName<'a> = &'a QualName;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Rc<Node> {
        Rc::clone(&self.root)
    }

    fn elem_name<'a>(&'a self, target: &'a Rc<Node>) -> &'a QualName {
        &target.name
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _: ElementFlags,
    ) -> Rc<Node> {
        let tags = 2 * name.local.len() + "<></>".len();
        let attributes = attributes
            .iter()
            .map(|attribute| attribute.name.local.len() + attribute.value.len() + " =\"\"".len());
        self.count_bytes(tags + attributes.sum::<usize>());
        self.new_node(name, None)
    }

    fn create_comment(&self, text: StrTendril) -> Rc<Node> {
        self.count_bytes(text.len() + "<!---->".len());
        self.new_node(self.root.name.clone(), None)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Rc<Node> {
        self.count_bytes(target.len() + data.len() + "<?>".len());
        self.new_node(self.root.name.clone(), None)
    }

    fn append(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.insert(parent.index, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Rc<Node>,
        previous: &Rc<Node>,
        child: NodeOrText<Rc<Node>>,
    ) {
        match self.place(element) {
            Some((parent, position)) => self.insert(parent, Some(position), child),
            None => self.insert(previous.index, None, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Rc<Node>) -> Rc<Node> {
        // Each call makes a node. All of them count as children of the template.
        self.new_node(self.root.name.clone(), Some(target.index))
    }

    fn same_node(&self, one: &Rc<Node>, other: &Rc<Node>) -> bool {
        one.index == other.index
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        if let NodeOrText::AppendNode(node) = &child {
            self.remove_from_parent(node);
        }
        if let Some((parent, position)) = self.place(sibling) {
            self.insert(parent, Some(position), child);
        }
    }

    fn add_attrs_if_missing(&self, _: &Rc<Node>, attributes: Vec<Attribute>) {
        let added = self.added_attributes.get() + attributes.len();
        self.added_attributes.set(added);
        self.count_steps(added * STEPS_PER_ADDED_ATTRIBUTE);
    }

    fn remove_from_parent(&self, target: &Rc<Node>) {
        let Some((parent, position)) = self.place(target) else { return };
        let mut links = self.links.borrow_mut();
        if let Some(links) = links.get_mut(parent) {
            links.children.remove(position);
        }
        if let Some(links) = links.get_mut(target.index) {
            links.parent = None;
        }
    }

    fn reparent_children(&self, node: &Rc<Node>, new_parent: &Rc<Node>) {
        let mut links = self.links.borrow_mut();
        let children = links.get_mut(node.index).map(|links| std::mem::take(&mut links.children));
        let children = children.unwrap_or_default();
        self.count_steps(children.len());
        for child in children.iter().flatten() {
            if let Some(links) = links.get_mut(*child) {
                links.parent = Some(new_parent.index);
            }
        }
        if let Some(links) = links.get_mut(new_parent.index) {
            links.children.extend(children);
        }
    }
}
