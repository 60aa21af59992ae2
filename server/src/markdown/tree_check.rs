//! Trial run of building an HTML tree, in pieces, so that it stops as soon as it exceeds a limit.
//!
//! The standard's tree construction copies open formatting elements into every paragraph, and some
//! inputs need time and memory that grow with the square of their length. The sanitizer builds
//! the whole tree at once, so it gets only HTML that passes here.

use std::cell::Cell;
use std::rc::Rc;

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::create_element;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{QualName, local_name, ns};

use crate::markdown::error::{MAX_TAG_BYTES, RenderError};
use crate::markdown::stopwatch::Stopwatch;
use crate::markdown::tree_size::{Node, TreeSize};

/// Bytes that are built between two checks.
const PIECE_BYTES: usize = 512;
/// Steps of comparing one attribute of a tag with an open formatting element.
const STEPS_PER_ATTRIBUTE: usize = 10;

/// Checks that the tree of this HTML can be built within the limits.
pub(super) fn check(
    html: &str,
    max_bytes: usize,
    stopwatch: &Stopwatch,
) -> Result<(), RenderError> {
    let builder = Builder::new();
    // The scripting flag and the context are those of the sanitizer.
    let state = builder.tree.tokenizer_state_for_context_elem(false);
    let options = TokenizerOpts { initial_state: Some(state), ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(builder, options);
    let input = BufferQueue::default();
    let mut bytes_since_token = 0;
    for piece in pieces(html) {
        let tokens = tokenizer.sink.tokens.get();
        input.push_back(StrTendril::from_slice(piece));
        // A script element pauses the tokenizer.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        bytes_since_token =
            if tokenizer.sink.tokens.get() == tokens { bytes_since_token + piece.len() } else { 0 };
        if bytes_since_token > MAX_TAG_BYTES {
            return Err(RenderError::TagTooLong);
        }
        tokenizer.sink.tree.sink.check(max_bytes)?;
        stopwatch.check()?;
    }
    tokenizer.end();
    tokenizer.sink.tree.sink.check(max_bytes)
}

/// Cuts a text into pieces of about [`PIECE_BYTES`].
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(PIECE_BYTES));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// The tree builder of html5ever, with a count of its tokens.
struct Builder {
    tree: TreeBuilder<Rc<Node>, TreeSize>,
    tokens: Cell<usize>,
}

impl Builder {
    fn new() -> Self {
        let size = TreeSize::new();
        let name = QualName::new(None, ns!(html), local_name!("div"));
        let context = create_element(&size, name, Vec::new());
        let options = TreeBuilderOpts::default();
        let tree = TreeBuilder::new_for_fragment(size, context, None, options);
        Self { tree, tokens: Cell::default() }
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
