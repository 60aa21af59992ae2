//! Feeding HTML to a tokenizer in pieces, so that it stops as soon as a limit is exceeded.

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{TokenSink, Tokenizer, TokenizerOpts};

use crate::markdown::error::{MAX_TAG_BYTES, RenderError};
use crate::markdown::stopwatch::Stopwatch;

/// Bytes that are fed between two checks.
const PIECE_BYTES: usize = 512;

/// A sink that counts its tokens and has limits of its own.
pub(super) trait LimitedSink: TokenSink {
    /// Returns the number of tokens so far.
    fn tokens(&self) -> usize;

    /// Checks what was made of the tokens so far.
    fn check(&self) -> Result<(), RenderError>;
}

/// Feeds HTML to the sink, and returns the sink.
///
/// # Errors
/// [`RenderError`] when a tag is too long, the time is up, or the sink exceeds a limit.
pub(super) fn feed<S: LimitedSink>(
    sink: S,
    options: TokenizerOpts,
    html: &str,
    stopwatch: &Stopwatch,
) -> Result<S, RenderError> {
    let tokenizer = Tokenizer::new(sink, options);
    let input = BufferQueue::default();
    let mut bytes_since_token = 0;
    for piece in pieces(html) {
        let tokens = tokenizer.sink.tokens();
        input.push_back(StrTendril::from_slice(piece));
        // A script element pauses the tokenizer.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        let is_stuck = tokenizer.sink.tokens() == tokens;
        bytes_since_token = if is_stuck { bytes_since_token + piece.len() } else { 0 };
        if bytes_since_token > MAX_TAG_BYTES {
            return Err(RenderError::TagTooLong);
        }
        tokenizer.sink.check()?;
        stopwatch.check()?;
    }
    tokenizer.end();
    tokenizer.sink.check()?;
    Ok(tokenizer.sink)
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
