//! Finding the parts of code.

use std::collections::HashSet;

use super::language::Language;
use super::token::Kind;

/// Gets each part of the code in order; returns `false` to end the scan.
pub(super) type Write<'w> = &'w mut dyn FnMut(Kind, &str) -> bool;

/// Finds the parts of code in one pass.
pub(super) fn scan(language: &Language, code: &str, write: Write<'_>) {
    let keywords: HashSet<&str> = language.keywords.split(' ').collect();
    let (mut rest, mut before) = (code, '\n');
    while !rest.is_empty() {
        let (kind, length) = next_part(language, &keywords, rest, before);
        let (part, after) = rest.split_at(rest.ceil_char_boundary(length.max(1)));
        before = part.chars().next_back().unwrap_or(before);
        rest = after;
        if !write(kind, part) {
            return;
        }
    }
}

/// Returns the kind and the length of the part with which a text begins.
fn next_part(
    language: &Language,
    keywords: &HashSet<&str>,
    text: &str,
    before: char,
) -> (Kind, usize) {
    if let Some(length) = comment_length(language, text, before) {
        return (Kind::Comment, length);
    }
    if let Some(quote) = language.quotes.iter().find(|quote| text.starts_with(**quote)) {
        if language.has_lifetimes && *quote == "'" {
            return lifetime_or_character(text);
        }
        let length = quoted_length(text, quote, language.long_quotes.contains(quote));
        let kind = if is_key(language, text, length) { Kind::Name } else { Kind::Text };
        return (kind, length);
    }
    let Some(first) = text.chars().next() else { return (Kind::Plain, 0) };
    if first.is_ascii_digit() {
        return (Kind::Number, number_length(text));
    }
    if first.is_alphabetic() || language.sigils.contains(first) {
        return word(language, keywords, text, first);
    }
    // Spaces and marks up to the next part that may be something else.
    let is_mark = |c: char| c.is_whitespace() || "(){}[];,+*=<>&|!?~^:".contains(c);
    let length = text.find(|c| !is_mark(c) || starts_something(language, c));
    (Kind::Plain, length.unwrap_or(text.len()).max(first.len_utf8()))
}

/// Returns whether a mark may begin a comment, a text or a name of the language.
fn starts_something(language: &Language, c: char) -> bool {
    let starts = |start: &&str| start.starts_with(c);
    language.sigils.contains(c)
        || language.quotes.iter().any(starts)
        || language.line_comments.iter().any(starts)
        || language.comments.iter().any(|(start, _)| start.starts_with(c))
}

fn comment_length(language: &Language, text: &str, before: char) -> Option<usize> {
    if let Some((start, end)) = language.comments.iter().find(|(start, _)| text.starts_with(start))
    {
        let after = text.get(start.len()..)?;
        return Some(after.find(end).map_or(text.len(), |at| start.len() + at + end.len()));
    }
    let start = language.line_comments.iter().find(|start| text.starts_with(**start))?;
    // `$#` and `a#b` of a shell, and `a;b`, are no comments.
    let may_begin = !matches!(*start, "#" | ";") || before.is_whitespace();
    may_begin.then(|| line_length(text))
}

fn line_length(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// Returns the length of a text in quotes. One that may not have several lines ends with its line.
fn quoted_length(text: &str, quote: &str, is_long: bool) -> usize {
    let limit = if is_long { text.len() } else { line_length(text) };
    let mut at = quote.len();
    while at < limit {
        let Some(rest) = text.get(at..) else { return limit };
        if rest.starts_with(quote) {
            return at + quote.len();
        }
        let Some(c) = rest.chars().next() else { return limit };
        let escaped = if c == '\\' { rest.chars().nth(1).map_or(0, char::len_utf8) } else { 0 };
        at += c.len_utf8() + escaped;
    }
    limit.min(at).max(quote.len())
}

fn lifetime_or_character(text: &str) -> (Kind, usize) {
    let mut characters = text.chars().skip(1);
    let (first, second) = (characters.next(), characters.next());
    match (first, second) {
        (Some('\\'), _) => (Kind::Text, quoted_length(text, "'", false)),
        (Some(c), Some('\'')) => (Kind::Text, c.len_utf8() + 2),
        _ => (Kind::Type, 1 + text.get(1..).map_or(0, name_length)),
    }
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

fn number_length(text: &str) -> usize {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.'));
    let number = text.get(..end.unwrap_or(text.len())).unwrap_or(text);
    // `0..9` is a range, and `1.max(2)` a call.
    let mut after = number.match_indices('.').map(|(at, _)| (at, number.as_bytes().get(at + 1)));
    let end = after.find(|(_, next)| !next.is_some_and(u8::is_ascii_digit));
    end.map_or(number.len(), |(at, _)| at).max(1)
}

fn word(language: &Language, keywords: &HashSet<&str>, text: &str, first: char) -> (Kind, usize) {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || (language.has_hyphens && c == '-');
    let start = first.len_utf8();
    let rest = text.get(start..).unwrap_or_default();
    let length = start + rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let word = text.get(..length).unwrap_or(text);
    let after = text.get(length..).unwrap_or_default();
    let lower = if language.ignores_case { word.to_lowercase() } else { String::new() };
    let is_keyword =
        |word: &str| keywords.contains(word) || keywords.contains(word.trim_start_matches('#'));
    let is_variable = !first.is_alphabetic() && first != '_';
    let kind = match word {
        _ if is_key(language, text, length) => Kind::Name,
        _ if is_keyword(word) || is_keyword(&lower) => Kind::Keyword,
        _ if is_variable => Kind::Name,
        _ if !language.after_key.is_empty() => Kind::Plain,
        _ if after.starts_with('(') || after.starts_with("!(") => Kind::Function,
        _ if first.is_uppercase() && word.len() > 1 => Kind::Type,
        _ => Kind::Plain,
    };
    (kind, length)
}

/// Returns whether the part of this length is the key of a value.
fn is_key(language: &Language, text: &str, length: usize) -> bool {
    let after = text.get(length..).unwrap_or_default();
    let after = after.trim_start_matches([' ', '\t']);
    !language.after_key.is_empty() && after.starts_with(|c| language.after_key.contains(c))
}

/// Finds the changed lines of a difference.
pub(super) fn scan_diff(code: &str, write: Write<'_>) {
    for line in code.split_inclusive('\n') {
        let kind = match line.as_bytes().first() {
            Some(b'+') => Kind::Inserted,
            Some(b'-') => Kind::Deleted,
            Some(b'@') => Kind::Keyword,
            Some(b'd' | b'i') => Kind::Comment,
            _ => Kind::Plain,
        };
        if !write(kind, line) {
            return;
        }
    }
}
