//! Commands that change whole lines: heading, quote, list and blocks of code.

use super::replacement::{Replacement, part};

const FENCE: &str = "```";

/// Puts a prefix before the selected lines, or takes it away where all have it.
pub(super) fn prefix_lines(text: &str, start: usize, end: usize, prefix: &str) -> Replacement {
    let (first, last) = whole_lines(text, start, end);
    let selected = part(text, first, last);
    let is_one = !selected.contains('\n');
    let skips = |line: &str| line.trim().is_empty() && !is_one && prefix != "> ";
    let remove = selected.lines().any(|line| !skips(line))
        && selected.lines().filter(|line| !skips(line)).all(|line| has_prefix(line, prefix));
    let mut new = String::with_capacity(selected.len() + 64);
    for (index, line) in selected.split('\n').enumerate() {
        if index > 0 {
            new.push('\n');
        }
        if skips(line) {
            new.push_str(line);
        } else if remove {
            new.push_str(without_prefix(line, prefix));
        } else {
            new.push_str(prefix);
            new.push_str(if prefix == "## " { without_heading(line) } else { line });
        }
    }
    // A caret stays before the same characters of its line.
    let (select_start, select_end) = if start == end {
        let caret = new.len().saturating_sub(last - start);
        let caret = new.floor_char_boundary(caret);
        (caret, caret)
    } else {
        (0, new.len())
    };
    Replacement { start: first, end: last, text: new, select_start, select_end }
}

/// Returns the new line that continues the list or quotation at the caret; none if its line is
/// neither. An item without text ends its list.
pub(super) fn next_line(text: &str, caret: usize) -> Option<Replacement> {
    let start = part(text, 0, caret).rfind('\n').map_or(0, |at| at + 1);
    let line = part(text, start, caret);
    let indent = line.len() - line.trim_start_matches(' ').len();
    let (space, rest) = line.split_at_checked(indent)?;
    let (length, next) = sign_and_next(rest)?;
    let is_empty = rest.len() == length;
    let new = if is_empty { "\n".to_owned() } else { ["\n", space, &next].concat() };
    let (start, end) = (if is_empty { start } else { caret }, caret);
    let at = new.len();
    Some(Replacement { start, end, text: new, select_start: at, select_end: at })
}

/// Returns the length of the sign that a line begins with, and the sign of the line after it.
fn sign_and_next(line: &str) -> Option<(usize, String)> {
    let signs = ["- ", "* ", "+ ", "> "];
    if let Some(sign) = signs.into_iter().find(|sign| line.starts_with(sign)) {
        return Some((sign.len(), sign.to_owned()));
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = part(line, 0, line.len() - rest.len());
    let end = [". ", ") "].into_iter().find(|end| rest.starts_with(end))?;
    // Markdown knows nine digits.
    let number = digits.parse::<u32>().ok().filter(|number| *number < 999_999_999)?;
    Some((digits.len() + end.len(), [&(number + 1).to_string(), end].concat()))
}

/// Makes the selected lines a block of code, or takes its fences away.
pub(super) fn fence_lines(text: &str, start: usize, end: usize) -> Replacement {
    let (first, last) = whole_lines(text, start, end);
    let selected = part(text, first, last);
    let inner = selected
        .strip_prefix(FENCE)
        .and_then(|rest| rest.split_once('\n'))
        .and_then(|(_, rest)| rest.strip_suffix(FENCE))
        .map(|rest| rest.strip_suffix('\n').unwrap_or(rest));
    let new = match inner {
        Some(inner) => inner.to_owned(),
        None => [FENCE, "\n", selected, "\n", FENCE].concat(),
    };
    let select_end = new.len();
    Replacement { start: first, end: last, text: new, select_start: 0, select_end }
}

/// Returns where marks before and after the text of a line belong: behind its spaces, quote, list
/// and heading signs, and before the spaces at its end.
pub(super) fn text_of_line(line: &str) -> (usize, usize) {
    let mut rest = line;
    loop {
        let trimmed = rest.trim_start();
        let sign = ["> ", "- ", "* ", "+ ", "###### ", "##### ", "#### ", "### ", "## ", "# "];
        match sign.iter().find_map(|sign| trimmed.strip_prefix(sign)) {
            Some(after) => rest = after,
            None => break,
        }
    }
    let start = line.len() - rest.trim_start().len();
    (start, start.max(line.trim_end().len()))
}

/// Extends a range to whole lines, without the line break at its end.
fn whole_lines(text: &str, start: usize, end: usize) -> (usize, usize) {
    let first = part(text, 0, start).rfind('\n').map_or(0, |at| at + 1);
    // A selection that ends at the start of a line does not include that line.
    let end = if end > start && part(text, 0, end).ends_with('\n') { end - 1 } else { end };
    let rest = part(text, end, text.len());
    (first, end + rest.find('\n').unwrap_or(rest.len()))
}

fn has_prefix(line: &str, prefix: &str) -> bool {
    line.starts_with(prefix) || line == prefix.trim_end()
}

fn without_prefix<'a>(line: &'a str, prefix: &str) -> &'a str {
    line.strip_prefix(prefix).or_else(|| line.strip_prefix(prefix.trim_end())).unwrap_or(line)
}

/// Returns a line without its heading sign of any level.
fn without_heading(line: &str) -> &str {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    match rest.strip_prefix(' ') {
        Some(rest) if (1..=6).contains(&level) => rest,
        _ => line,
    }
}
