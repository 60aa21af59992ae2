//! The commands of the toolbar, as changes of Markdown text.
//!
//! Pure. Selections count in UTF-16 units, as the browser does.

use super::lines::{fence_lines, next_line, prefix_lines};
use super::marks::{toggle_link, toggle_mark};
use super::replacement::{Replacement, part};

/// A command of the toolbar that changes text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// `**bold**`
    Bold,
    /// `*italic*`
    Italic,
    /// `## Heading`
    Heading,
    /// `> Quote`
    Quote,
    /// `[text](address)`
    Link,
    /// `- Item`
    List,
    /// A span of code, or a block around several lines.
    Code,
}

/// Range in UTF-16 units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    /// First unit.
    pub(crate) start: usize,
    /// Unit after the last.
    pub(crate) end: usize,
}

/// Replacement of a part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Part to replace.
    pub(crate) range: Range,
    /// New text of that part.
    pub(crate) text: String,
    /// Selection afterwards.
    pub(crate) selection: Range,
}

/// Applies a command to the selection, or takes it back where it is already applied.
pub(crate) fn apply(text: &str, selection: Range, command: Command) -> Edit {
    let (start, end) = (to_byte(text, selection.start), to_byte(text, selection.end));
    let (start, end) = (start.min(end), start.max(end));
    let spans_lines = part(text, start, end).trim_end_matches('\n').contains('\n');
    let replacement = match command {
        Command::Bold => toggle_mark(text, start, end, "**"),
        Command::Italic => toggle_mark(text, start, end, "*"),
        Command::Code if spans_lines => fence_lines(text, start, end),
        Command::Code => toggle_mark(text, start, end, "`"),
        Command::Link => toggle_link(text, start, end),
        Command::Heading => prefix_lines(text, start, end, "## "),
        Command::Quote => prefix_lines(text, start, end, "> "),
        Command::List => prefix_lines(text, start, end, "- "),
    };
    into_edit(text, &replacement)
}

/// Returns the new line at a caret in a list or quotation; `None` elsewhere.
pub(crate) fn new_line(text: &str, caret: usize) -> Option<Edit> {
    let replacement = next_line(text, to_byte(text, caret))?;
    Some(into_edit(text, &replacement))
}

/// Returns the Markdown of a picture, and where the caret belongs: in the alternative text.
pub(crate) fn picture(address: &str) -> (String, usize) {
    let is_plain = !address.contains(|c: char| c.is_whitespace() || matches!(c, '(' | ')'));
    let markdown = if is_plain {
        ["![](", address, ")"].concat()
    } else {
        ["![](<", &address.replace(['<', '>', '\n'], ""), ">)"].concat()
    };
    (markdown, 2)
}

/// Returns the number of UTF-16 units of a text.
pub(crate) fn utf16_length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

fn into_edit(text: &str, replacement: &Replacement) -> Edit {
    let Replacement { start, end, text: new, select_start, select_end } = replacement;
    let before = utf16_length(part(text, 0, *start));
    let in_new = |at: usize| before + utf16_length(part(new, 0, at));
    let length = utf16_length(part(text, *start, *end));
    Edit {
        range: Range { start: before, end: before + length },
        text: new.clone(),
        selection: Range { start: in_new(*select_start), end: in_new(*select_end) },
    }
}

/// Returns the byte of a UTF-16 offset; one in the middle of a character counts as its start, one
/// past the end as the end.
fn to_byte(text: &str, offset: usize) -> usize {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        units += c.len_utf16();
        if units > offset {
            return byte;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests;
