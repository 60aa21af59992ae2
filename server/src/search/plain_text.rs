//! Markdown as plain text of one line, for the index and for snippets.
//!
//! It reads marks as they are usually meant and never fails. The renderer alone knows better, at a
//! hundred times the cost.

/// Longest tag, URL or label that is passed over, in bytes; bounds the search for its end.
const MAX_MARK: usize = 2_000;

/// Returns the text of a body in Markdown without its marks, on one line.
pub(super) fn plain_text(body: &str) -> String {
    let mut plain = Plain::default();
    let mut fence = None;
    for line in body.lines() {
        let start = line.trim_start();
        match (fence, ["```", "~~~"].into_iter().find(|mark| start.starts_with(mark))) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (Some(_), _) => plain.push_verbatim(line),
            (None, None) => {
                if let Some(line) = without_block_marks(line) {
                    plain.push_line(line);
                }
            }
        }
        plain.space();
    }
    plain.text.truncate(plain.text.trim_end().len());
    plain.text
}

/// Returns a line without the marks of its block; `None` if it is nothing but marks.
fn without_block_marks(line: &str) -> Option<&str> {
    let mut line = line.trim();
    while let Some(quoted) = line.strip_prefix('>') {
        line = quoted.trim_start();
    }
    let is_mark = |c: char| matches!(c, '|' | '-' | ':' | '=' | '*' | '_' | '#' | '+' | ' ');
    if line.chars().all(is_mark) || is_reference(line) {
        return None;
    }
    let heading = line.trim_start_matches('#');
    if heading.len() < line.len() && heading.starts_with(' ') {
        return Some(heading.trim_start());
    }
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let item = ["- ", "* ", "+ "].into_iter().find_map(|mark| line.strip_prefix(mark));
    let item = item.or_else(|| {
        let is_numbered = (1..10).contains(&(line.len() - digits.len()));
        [". ", ") "].into_iter().find_map(|mark| digits.strip_prefix(mark)).filter(|_| is_numbered)
    });
    Some(item.unwrap_or(line))
}

/// Checks for the target of a link, which is written apart from it.
fn is_reference(line: &str) -> bool {
    line.starts_with('[')
        && !line.starts_with("[^")
        && line.split_once("]: ").is_some_and(|(label, _)| !label.contains(']'))
}

#[derive(Default)]
struct Plain {
    text: String,
}

impl Plain {
    /// Adds a space, unless there is one.
    fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    fn push(&mut self, character: char) {
        if character.is_whitespace() || character.is_control() {
            self.space();
        } else {
            self.text.push(character);
        }
    }

    fn push_verbatim(&mut self, text: &str) {
        text.chars().for_each(|character| self.push(character));
    }

    /// Adds a line without the marks in it.
    fn push_line(&mut self, line: &str) {
        let mut rest = line;
        let mut before = ' ';
        while let Some(character) = rest.chars().next() {
            let (length, kept) = self.next_piece(rest, character, before);
            if kept {
                self.push(character);
            }
            rest = rest.get(length..).unwrap_or_default();
            before = character;
        }
    }

    /// Returns the length of the mark with which the text begins, or of its first character, and
    /// whether that character is kept.
    fn next_piece(&mut self, rest: &str, character: char, before: char) -> (usize, bool) {
        let one = character.len_utf8();
        let after = rest.get(one..).unwrap_or_default();
        match character {
            '`' => return self.code(rest),
            '\\' if after.starts_with(|c: char| c.is_ascii_punctuation()) => {
                after.chars().next().into_iter().for_each(|escaped| self.push(escaped));
                return (one + 1, false);
            }
            '*' => return (one, after.starts_with(' ') && before == ' '),
            '~' if after.starts_with('~') => return (2, false),
            // Inside a word it belongs to a name.
            '_' => return (one, before.is_alphanumeric() && starts_word(after)),
            '|' => {
                self.space();
                return (one, false);
            }
            '!' if after.starts_with('[') => {
                if let Some(length) = picture_length(rest) {
                    self.space();
                    return (length, false);
                }
            }
            '[' if after.starts_with('^') => {
                let length = end_of(rest, ']').unwrap_or(one);
                return (
                    length + usize::from(rest.get(length..).is_some_and(|r| r.starts_with(':'))),
                    false,
                );
            }
            '[' => return (one, end_of(after, ']').is_none()),
            ']' => return (one + target_length(after), false),
            '<' if after
                .starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')) =>
            {
                if let Some(length) = end_of(rest, '>') {
                    self.space_if_block(rest);
                    return (length, false);
                }
            }
            '&' => {
                if let Some((length, text)) = entity(rest) {
                    self.push(text);
                    return (length, false);
                }
            }
            _ => {}
        }
        (one, true)
    }

    /// Adds the text of inline code as it is, and returns its length.
    fn code(&mut self, rest: &str) -> (usize, bool) {
        let inner = rest.trim_start_matches('`');
        let mark = rest.get(..rest.len() - inner.len()).unwrap_or_default();
        let near = inner.get(..inner.floor_char_boundary(MAX_MARK)).unwrap_or(inner);
        let Some(end) = near.find(mark) else { return (mark.len(), false) };
        self.push_verbatim(inner.get(..end).unwrap_or_default());
        (mark.len() + end + mark.len(), false)
    }

    /// Adds a space for a tag between which words do not join.
    fn space_if_block(&mut self, tag: &str) {
        let name = tag.trim_start_matches(['<', '/']);
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let inline = ["a", "abbr", "b", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s"];
        let inline = inline.iter().chain(&["small", "span", "strong", "sub", "sup", "u", "wbr"]);
        if !inline.into_iter().any(|inline| name.eq_ignore_ascii_case(inline)) {
            self.space();
        }
    }
}

fn starts_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Returns the length of a text up to a character, if that is near.
fn end_of(text: &str, end: char) -> Option<usize> {
    let near = text.get(..text.floor_char_boundary(MAX_MARK)).unwrap_or(text);
    near.find(end).map(|at| at + end.len_utf8())
}

/// Returns the length of a picture; its text alternative says nothing without it.
fn picture_length(text: &str) -> Option<usize> {
    let end = end_of(text, ']')?;
    Some(end + target_length(text.get(end..)?))
}

/// Returns the length of the URL or label of a link, which follows its text.
fn target_length(text: &str) -> usize {
    let end = match text.chars().next() {
        Some('(') => end_of(text, ')'),
        Some('[') => end_of(text, ']'),
        _ => None,
    };
    end.unwrap_or(0)
}

/// Returns the length of an entity, and the character that it encodes.
fn entity(text: &str) -> Option<(usize, char)> {
    let near = text.get(..text.floor_char_boundary(12)).unwrap_or(text);
    let (name, _) = near.strip_prefix('&')?.split_once(';')?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "hellip" => '\u{2026}',
        "mdash" => '\u{2014}',
        "ndash" => '\u{2013}',
        "lsquo" => '\u{2018}',
        "rsquo" => '\u{2019}',
        "ldquo" => '\u{201c}',
        "rdquo" => '\u{201d}',
        _ => numeric(name)?,
    };
    Some((name.len() + 2, character))
}

fn numeric(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_left_out() {
        for (markdown, plain) in [
            ("## Title\n\nSome *plain* `w<T>`\n[here](/x \"y\").", "Title Some plain w<T> here."),
            ("- One\n- **two**\n1. three", "One two three"),
            ("> A quote\n> goes on.", "A quote goes on."),
            ("![Alt](x.png) Text[^1].\n\n[^1]: Note", "Text. Note"),
            ("[a]: https://a.example\n\nSee [this][a] and [a].", "See this and a."),
            ("| a | b |\n|---|:-:|\n| 1 | 2 |", "a b 1 2"),
            (
                "```rust\nlet a_b = *c;\n```\nsnake_case and _this_",
                "let a_b = *c; snake_case and this",
            ),
            ("One<br>two <b>th</b>ree<!-- no -->.", "One two three ."),
            ("1 < 2 &amp; 3 &gt; 2 &#x41;&#66; &unknown;", "1 < 2 & 3 > 2 AB &unknown;"),
            ("\\*not\\* 2 * 3 ~~gone~~", "*not* 2 * 3 gone"),
            ("Title\n=====\n\n***\n\nText", "Title Text"),
            ("", ""),
        ] {
            assert_eq!(plain_text(markdown), plain, "{markdown}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(body in "[\\PC\n]{0,300}") {
            let plain = plain_text(&body);
            assert!(!plain.contains("  ") && !plain.contains('\n'));
        }
    }
}
