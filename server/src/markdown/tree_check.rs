//! Trial run of building an HTML tree, in pieces, so that it stops as soon as it exceeds a limit.
//!
//! The standard's tree construction copies open formatting elements into every paragraph, and some
//! inputs need time and memory that grow with the square of their length. The sanitizer builds
//! the whole tree at once, so it gets only HTML that passes here.

use std::cell::Cell;
use std::rc::Rc;

use html5ever::interface::create_element;
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{QualName, local_name, ns};

use crate::markdown::error::RenderError;
use crate::markdown::stopwatch::Stopwatch;
use crate::markdown::tokens::{LimitedSink, feed};
use crate::markdown::tree_size::{Node, TreeSize};

/// Steps of comparing one attribute of a tag with an open formatting element.
const STEPS_PER_ATTRIBUTE: usize = 10;

/// Checks that the tree of this HTML can be built within the limits.
pub(super) fn check(
    html: &str,
    max_bytes: usize,
    stopwatch: &Stopwatch,
) -> Result<(), RenderError> {
    let builder = Builder::new(max_bytes);
    // The scripting flag and the context are those of the sanitizer.
    let state = builder.tree.tokenizer_state_for_context_elem(false);
    let options = TokenizerOpts { initial_state: Some(state), ..TokenizerOpts::default() };
    feed(builder, options, html, stopwatch).map(drop)
}

/// The tree builder of html5ever, with a count of its tokens.
struct Builder {
    tree: TreeBuilder<Rc<Node>, TreeSize>,
    tokens: Cell<usize>,
    max_bytes: usize,
}

impl Builder {
    fn new(max_bytes: usize) -> Self {
        let size = TreeSize::new();
        let name = QualName::new(None, ns!(html), local_name!("div"));
        let context = create_element(&size, name, Vec::new());
        let options = TreeBuilderOpts::default();
        let tree = TreeBuilder::new_for_fragment(size, context, None, options);
        Self { tree, tokens: Cell::default(), max_bytes }
    }
}

impl LimitedSink for Builder {
    fn tokens(&self) -> usize {
        self.tokens.get()
    }

    fn check(&self) -> Result<(), RenderError> {
        self.tree.sink.check(self.max_bytes)
    }
}

impl TokenSink for Builder {
    type Handle = Rc<Node>;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Rc<Node>> {
        if let Token::TagToken(tag) = &token {
            self.tree.sink.count_steps_by_depth(tag.attrs.len() * STEPS_PER_ATTRIBUTE);
        }
        // Errors are reported inside a tag, for each of its repeated attributes.
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        self.tree.process_token(token, line)
    }

    fn end(&self) {
        self.tree.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.tree.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
