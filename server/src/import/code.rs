//! The parts of a Markdown text that are code, which nothing may change.

use std::ops::Range;

/// Applies a change to what is no code.
pub(super) fn map_text(body: &str, mut change: impl FnMut(&str) -> String) -> String {
    let mut changed = String::with_capacity(body.len());
    let mut at = 0;
    for code in code_ranges(body) {
        changed.push_str(&change(body.get(at..code.start).unwrap_or_default()));
        changed.push_str(body.get(code.clone()).unwrap_or_default());
        at = code.end;
    }
    changed.push_str(&change(body.get(at..).unwrap_or_default()));
    changed
}

/// Returns the byte ranges of code: fenced and indented blocks, code spans, `<pre>`, `<code>` and
/// comments.
pub(super) fn code_ranges(body: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut state = State::default();
    let mut at = 0;
    while let Some(line) = body.get(at..).and_then(|rest| rest.split_inclusive('\n').next()) {
        let end = at + line.len();
        let code = match fence(line) {
            Some(fence) => Some(at..fence_end(body, end, fence)),
            None => state.is_indented_code(line).then_some(at..end),
        };
        state.after(line);
        match code {
            Some(range) => {
                at = range.end;
                ranges.push(range);
            }
            None => at = spans(body, at, end, &mut ranges),
        }
    }
    ranges
}

#[derive(Default)]
struct State {
    in_list: bool,
    in_paragraph: bool,
}

impl State {
    fn is_indented_code(&self, line: &str) -> bool {
        let is_indented = line.starts_with("    ") || line.starts_with('\t');
        is_indented && !self.in_list && !self.in_paragraph && !line.trim().is_empty()
    }

    fn after(&mut self, line: &str) {
        let is_indented = line.starts_with([' ', '\t']);
        if line.trim().is_empty() {
            self.in_paragraph = false;
        } else if is_list_item(line.trim_start()) && !self.is_indented_code(line) {
            (self.in_list, self.in_paragraph) = (true, true);
        } else if !is_indented {
            self.in_list &= self.in_paragraph;
            self.in_paragraph = true;
        } else if !self.is_indented_code(line) {
            self.in_paragraph = true;
        }
    }
}

fn is_list_item(line: &str) -> bool {
    without_list_mark(line).is_some()
}

fn without_list_mark(line: &str) -> Option<&str> {
    let digits = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len());
    let rest = match line.get(digits..) {
        Some(rest) if (1..=9).contains(&digits) => rest.strip_prefix(['.', ')'])?,
        _ => line.strip_prefix(['-', '*', '+'])?,
    };
    (rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r'])).then(|| rest.trim_start())
}

/// Returns the mark that opens a fenced block, and its length.
fn fence(line: &str) -> Option<(char, usize)> {
    let mut line = line.trim_start_matches([' ', '\t', '>']);
    while let Some(rest) = without_list_mark(line) {
        if rest.len() == line.len() || rest.is_empty() {
            break;
        }
        line = rest;
    }
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = line.trim_start_matches(mark);
    let length = line.len() - rest.len();
    (length >= 3 && !(mark == '`' && rest.contains('`'))).then_some((mark, length))
}

fn fence_end(body: &str, start: usize, (mark, length): (char, usize)) -> usize {
    let mut at = start;
    for line in body.get(start..).unwrap_or_default().split_inclusive('\n') {
        at += line.len();
        let content = line.trim_start_matches([' ', '\t', '>']).trim_end();
        if content.len() >= length && content.chars().all(|c| c == mark) {
            break;
        }
    }
    at
}

/// Adds the code within a line that begins no block, and returns where to go on: after the line, or
/// after code that goes beyond it.
fn spans(body: &str, start: usize, end: usize, ranges: &mut Vec<Range<usize>>) -> usize {
    const ELEMENTS: [(&str, &str); 5] = [
        ("<!--", "-->"),
        ("<pre", "</pre>"),
        ("<code", "</code>"),
        ("<script", "</script>"),
        ("<style", "</style>"),
    ];
    let mut at = start;
    while at < end {
        let rest = body.get(at..).unwrap_or_default();
        let Some(next) = rest.find(['`', '<', '\\']).filter(|next| at + next < end) else {
            return end;
        };
        at += next;
        let rest = body.get(at..).unwrap_or_default();
        let code_end = if rest.starts_with('`') {
            let run = rest.len() - rest.trim_start_matches('`').len();
            let found = code_span(rest, run);
            if found.is_none() {
                at += run;
                continue;
            }
            found
        } else {
            ELEMENTS.iter().find_map(|(open, close)| {
                let begins = rest.get(..open.len())?.eq_ignore_ascii_case(open);
                let goes_on =
                    rest.get(open.len()..)?.starts_with(|c: char| !c.is_ascii_alphanumeric());
                let length =
                    (begins && (goes_on || *open == "<!--")).then(|| rest.find(close))??;
                Some(length + close.len())
            })
        };
        match code_end {
            Some(length) => {
                ranges.push(at..at + length);
                at += length;
            }
            // The character after a backslash counts for nothing.
            None if rest.starts_with('\\') => {
                at += 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
            }
            None => at += 1,
        }
    }
    at
}

/// Returns the length of a code span that begins with a run of backticks: until the next run of the
/// same length in its paragraph.
fn code_span(text: &str, run: usize) -> Option<usize> {
    let paragraph = text.find("\n\n").or_else(|| text.find("\n\r\n")).unwrap_or(text.len());
    let text = text.get(..paragraph)?;
    let mut at = run;
    loop {
        at += text.get(at..)?.find('`')?;
        let rest = text.get(at..)?;
        let length = rest.len() - rest.trim_start_matches('`').len();
        at += length;
        if length == run {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(body: &str) -> Vec<&str> {
        code_ranges(body).into_iter().map(|range| body.get(range).expect("a range")).collect()
    }

    #[test]
    fn code_is_found() {
        assert_eq!(code("a `b` c ``d ` e`` f"), ["`b`", "``d ` e``"]);
        assert_eq!(code("a\n\n```js\n{{ x }}\n```\nb"), ["```js\n{{ x }}\n```\n"]);
        assert_eq!(code("- ~~~\n  x\n  ~~~\nb"), ["- ~~~\n  x\n  ~~~\n"]);
        assert_eq!(code("> ```\n> x\n> ```\n"), ["> ```\n> x\n> ```\n"]);
        assert_eq!(code("a\n\n    code\n\nb"), ["    code\n"]);
        assert_eq!(code("- a\n\n    more of the item\n"), Vec::<&str>::new());
        assert_eq!(
            code("a <code>{{ x }}</code> <pre>y</pre> <!-- z -->"),
            ["<code>{{ x }}</code>", "<pre>y</pre>", "<!-- z -->"]
        );
        assert_eq!(code("a ` b\n\nc ` d"), Vec::<&str>::new());
        assert_eq!(code("a \\` b ` c ` d"), ["` c `"]);
        assert_eq!(code("```\nnever closed"), ["```\nnever closed"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(body in "([ \t]{0,5}|[-`~<>a{}\n\\\\é]){0,60}") {
            prop_assert_eq!(map_text(&body, str::to_owned), body.clone());
            let ranges = code_ranges(&body);
            prop_assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
