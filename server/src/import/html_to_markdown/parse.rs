//! HTML to a tree, within limits.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink, create_element};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, QualName, TokenizerResult, local_name, ns};

use crate::import::html_to_markdown::dom::{Content, Dom, NodeId};
use crate::import::html_to_markdown::error::HtmlError;

/// Maximum length of the HTML, in bytes.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Maximum number of nodes.
const MAX_NODES: usize = 400_000;
/// Maximum number of elements that the tree builder may look at.
const MAX_STEPS: usize = 20_000_000;
/// Bytes that are built between two checks.
const PIECE_BYTES: usize = 1024;
/// Maximum length of a tag without its embedded data, in bytes.
const MAX_TAG_BYTES: usize = 64 * 1024;

/// Builds the tree of a fragment of HTML.
pub(super) fn parse(html: &str) -> Result<(Dom, NodeId), HtmlError> {
    if html.len() > MAX_BYTES {
        return Err(HtmlError::TooLong(html.len()));
    }
    let sink = Sink::default();
    let root = sink.dom.borrow_mut().root();
    let context = create_element(&sink, html_name("div"), Vec::new());
    // Without scripts, the content of `noscript` is shown.
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let tree = TreeBuilder::new_for_fragment(sink, context, None, options);
    let state = tree.tokenizer_state_for_context_elem(false);
    let options = TokenizerOpts { initial_state: Some(state), ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(tree, options);
    let input = BufferQueue::default();
    let mut idle = 0;
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(PIECE_BYTES));
        rest = after;
        let steps = tokenizer.sink.sink.steps.get();
        input.push_back(StrTendril::from_slice(piece));
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        let sink = &tokenizer.sink.sink;
        idle = if sink.steps.get() == steps { idle + piece.len() } else { 0 };
        if idle > MAX_TAG_BYTES {
            return Err(HtmlError::TooComplex);
        }
        sink.check()?;
    }
    tokenizer.end();
    let sink = &tokenizer.sink.sink;
    sink.check()?;
    let mut dom = sink.dom.take();
    dom.find_blocks();
    Ok((dom, root))
}

fn html_name(local: &str) -> QualName {
    QualName::new(None, ns!(html), local.into())
}

struct Handle {
    id: NodeId,
    name: QualName,
}

#[derive(Default)]
struct Sink {
    dom: RefCell<Dom>,
    steps: Cell<usize>,
}

impl Sink {
    fn check(&self) -> Result<(), HtmlError> {
        let is_small = self.dom.borrow().len() <= MAX_NODES && self.steps.get() <= MAX_STEPS;
        if is_small { Ok(()) } else { Err(HtmlError::TooComplex) }
    }

    fn count(&self) {
        self.steps.set(self.steps.get() + 1);
    }

    fn add(&self, name: QualName, content: Content) -> Rc<Handle> {
        self.count();
        Rc::new(Handle { id: self.dom.borrow_mut().add(content), name })
    }

    fn empty(&self) -> Rc<Handle> {
        self.add(QualName::new(None, ns!(), local_name!("")), Content::Empty)
    }

    fn insert(&self, parent: NodeId, before: Option<NodeId>, child: NodeOrText<Rc<Handle>>) {
        self.count();
        let mut dom = self.dom.borrow_mut();
        match child {
            NodeOrText::AppendNode(node) => dom.insert(parent, before, node.id),
            NodeOrText::AppendText(text) => dom.insert_text(parent, before, &text),
        }
    }
}

impl TreeSink for Sink {
    type Handle = Rc<Handle>;
    type Output = ();
    type ElemName<'a> = &'a QualName;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Rc<Handle> {
        let id = self.dom.borrow_mut().root();
        Rc::new(Handle { id, name: QualName::new(None, ns!(), local_name!("")) })
    }

    fn elem_name<'a>(&'a self, target: &'a Rc<Handle>) -> &'a QualName {
        self.count();
        &target.name
    }

    fn create_element(&self, name: QualName, all: Vec<Attribute>, _: ElementFlags) -> Rc<Handle> {
        let attributes = all
            .into_iter()
            .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()));
        let content = Content::Element(name.local.to_string(), attributes.collect());
        self.add(name, content)
    }

    fn create_comment(&self, _: StrTendril) -> Rc<Handle> {
        self.empty()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Rc<Handle> {
        self.empty()
    }

    fn append(&self, parent: &Rc<Handle>, child: NodeOrText<Rc<Handle>>) {
        self.insert(parent.id, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Rc<Handle>,
        previous: &Rc<Handle>,
        child: NodeOrText<Rc<Handle>>,
    ) {
        let parent = self.dom.borrow().parent(element.id);
        match parent {
            Some(parent) => self.insert(parent, Some(element.id), child),
            None => self.insert(previous.id, None, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, _: &Rc<Handle>) -> Rc<Handle> {
        // The content of a template is not shown.
        self.empty()
    }

    fn same_node(&self, one: &Rc<Handle>, other: &Rc<Handle>) -> bool {
        self.count();
        one.id == other.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Rc<Handle>, child: NodeOrText<Rc<Handle>>) {
        let parent = self.dom.borrow().parent(sibling.id);
        if let Some(parent) = parent {
            self.insert(parent, Some(sibling.id), child);
        }
    }

    fn add_attrs_if_missing(&self, _: &Rc<Handle>, _: Vec<Attribute>) {
        self.count();
    }

    fn remove_from_parent(&self, target: &Rc<Handle>) {
        self.dom.borrow_mut().detach(target.id);
    }

    fn reparent_children(&self, node: &Rc<Handle>, new_parent: &Rc<Handle>) {
        let children: Vec<NodeId> = self.dom.borrow().children(node.id).collect();
        for child in children {
            self.count();
            self.dom.borrow_mut().insert(new_parent.id, None, child);
        }
    }
}
