//! Commands that put marks around text: bold, italic, code and links.

use super::lines::text_of_line;
use super::replacement::{Replacement, part};

/// Address that a new link begins with.
const ADDRESS: &str = "https://";

/// Puts a mark around the selection, or around the word at the caret; or takes it away.
pub(super) fn toggle_mark(text: &str, start: usize, end: usize, mark: &str) -> Replacement {
    if part(text, start, end).contains('\n') {
        return toggle_each_line(text, start, end, mark);
    }
    let (start, end) = trimmed(text, start, end);
    let is_caret = start == end;
    let (from, to) = if is_caret { word_at(text, start) } else { (start, end) };
    let caret = start - from;
    let (before, after) = (part(text, 0, from), part(text, to, text.len()));
    let selected = part(text, from, to);
    let size = mark.len();
    if has_mark(ending_run(before, mark), mark) && has_mark(starting_run(after, mark), mark) {
        let select = if is_caret { (caret, caret) } else { (0, selected.len()) };
        return Replacement {
            start: from - size,
            end: to + size,
            text: selected.to_owned(),
            select_start: select.0,
            select_end: select.1,
        };
    }
    if let Some(inner) = unmarked(selected, mark) {
        return Replacement {
            start: from,
            end: to,
            text: inner.to_owned(),
            select_start: 0,
            select_end: inner.len(),
        };
    }
    let select =
        if is_caret { (size + caret, size + caret) } else { (size, size + selected.len()) };
    Replacement {
        start: from,
        end: to,
        text: [mark, selected, mark].concat(),
        select_start: select.0,
        select_end: select.1,
    }
}

/// Makes the selection the text of a link, or the link at the selection its text.
pub(super) fn toggle_link(text: &str, start: usize, end: usize) -> Replacement {
    if let Some((from, to, label)) = link_around(text, start, end) {
        return Replacement {
            start: from,
            end: to,
            text: label.to_owned(),
            select_start: 0,
            select_end: label.len(),
        };
    }
    let (start, end) = trimmed(text, start, end);
    // A link does not reach over paragraphs.
    let end = part(text, start, end).find('\n').map_or(end, |at| start + at);
    let selected = part(text, start, end);
    if selected.starts_with("https://") || selected.starts_with("http://") {
        let text = ["[](", selected, ")"].concat();
        return Replacement { start, end, text, select_start: 1, select_end: 1 };
    }
    let (start, end) = if start == end { word_at(text, start) } else { (start, end) };
    let selected = part(text, start, end);
    let new = ["[", selected, "](", ADDRESS, ")"].concat();
    let (select_start, select_end) = if selected.is_empty() {
        (1, 1)
    } else {
        let address = selected.len() + "[](".len();
        (address, address + ADDRESS.len())
    };
    Replacement { start, end, text: new, select_start, select_end }
}

/// Marks the text of each line, since a mark does not reach over paragraphs.
fn toggle_each_line(text: &str, start: usize, end: usize, mark: &str) -> Replacement {
    let selected = part(text, start, end);
    let inner = |line: &'_ str| {
        let (from, to) = text_of_line(line);
        (from, to, unmarked(part(line, from, to), mark).is_some())
    };
    let remove = selected.lines().map(inner).all(|(from, to, has)| from == to || has);
    let mut new = String::with_capacity(selected.len() + 64);
    for (index, line) in selected.split('\n').enumerate() {
        if index > 0 {
            new.push('\n');
        }
        let (from, to, has) = inner(line);
        let content = part(line, from, to);
        let content = if has { unmarked(content, mark).unwrap_or(content) } else { content };
        let mark = if remove || content.is_empty() { "" } else { mark };
        for piece in [part(line, 0, from), mark, content, mark, part(line, to, line.len())] {
            new.push_str(piece);
        }
    }
    let select_end = new.len();
    Replacement { start, end, text: new, select_start: 0, select_end }
}

/// Returns the text between a mark at both its ends.
fn unmarked<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let inner = text.strip_prefix(mark)?.strip_suffix(mark)?;
    let has = has_mark(starting_run(text, mark), mark) && has_mark(ending_run(text, mark), mark);
    (has && !inner.is_empty()).then_some(inner)
}

/// Returns whether a run of mark characters contains the mark: `***` is bold and italic, `**` is
/// bold alone.
fn has_mark(run: usize, mark: &str) -> bool {
    match mark {
        "**" => run == 2 || run == 3,
        "*" => run == 1 || run == 3,
        _ => run == mark.len(),
    }
}

fn starting_run(text: &str, mark: &str) -> usize {
    let Some(sign) = mark.chars().next() else { return 0 };
    text.len() - text.trim_start_matches(sign).len()
}

fn ending_run(text: &str, mark: &str) -> usize {
    let Some(sign) = mark.chars().next() else { return 0 };
    text.len() - text.trim_end_matches(sign).len()
}

/// Takes the spaces at both ends out of a range: a mark beside a space marks nothing.
fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let selected = part(text, start, end);
    let inner = selected.trim_start();
    if inner.is_empty() {
        return (start, start);
    }
    let start = end - inner.len();
    (start, start + inner.trim_end().len())
}

/// Returns the word that touches a caret.
fn word_at(text: &str, caret: usize) -> (usize, usize) {
    let is_part = |c: char| !c.is_whitespace() && (c == '\'' || !c.is_ascii_punctuation());
    let (before, after) = (part(text, 0, caret), part(text, caret, text.len()));
    let start = before.trim_end_matches(is_part).len();
    (start, text.len() - after.trim_start_matches(is_part).len())
}

/// Returns the link in whose line and brackets a selection is, with its text.
fn link_around(text: &str, start: usize, end: usize) -> Option<(usize, usize, &str)> {
    let line_start = part(text, 0, start).rfind('\n').map_or(0, |at| at + 1);
    let line = part(text, line_start, text.len());
    let line = line.split('\n').next().unwrap_or_default();
    let (mut at, from, to) = (0, start - line_start, end.checked_sub(line_start)?);
    while let Some(open) = part(line, at, line.len()).find('[').map(|open| at + open) {
        let rest = part(line, open + 1, line.len());
        let middle = rest.find("](")?;
        let close = part(rest, middle, rest.len()).find(')')?;
        let (label, link_end) = (part(rest, 0, middle), open + 1 + middle + close + 1);
        let is_picture = part(line, 0, open).ends_with('!');
        if open <= from && to <= link_end && !is_picture && !label.contains('[') {
            return Some((line_start + open, line_start + link_end, label));
        }
        // A bracket before the link may be plain text.
        at = open + 1;
    }
    None
}
