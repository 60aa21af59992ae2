//! Pieces of a line to Markdown. Emphasis that Markdown would not recognize stays HTML.

use crate::import::html_to_markdown::escape::{escape_between, escape_line_start};
use crate::import::html_to_markdown::pieces::{Mark, Piece};

/// Context of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a paragraph.
    Paragraph,
    /// In a heading, on one line.
    Heading,
    /// In a cell of a table, on one line.
    Cell,
}

/// Writes a line. `links` has the target, and perhaps title, of each link.
pub(super) fn write_line(pieces: &[Piece], links: &[String], place: Place) -> String {
    let escaped = escaped(pieces);
    let as_html = marks_as_html(&escaped, place);
    let mut out = String::new();
    for (piece, as_html) in escaped.iter().zip(as_html) {
        match piece {
            Piece::Text(text) if place == Place::Paragraph && is_line_start(&out) => {
                out.push_str(&escape_line_start(text).unwrap_or_else(|| text.clone()));
            }
            Piece::Text(text) | Piece::Raw(text) => out.push_str(text),
            Piece::Open(mark) => out.push_str(opening(*mark, as_html)),
            Piece::Close(mark) => close(*mark, as_html, links, &mut out),
            Piece::Break => out.push_str(match place {
                Place::Paragraph => "\\\n",
                Place::Heading => " ",
                Place::Cell => "<br>",
            }),
        }
    }
    match place {
        Place::Paragraph => out,
        Place::Heading => escape_closing_signs(out),
        Place::Cell => out.replace('|', "\\|"),
    }
}

fn escaped(pieces: &[Piece]) -> Vec<Piece> {
    let mut escaped = Vec::with_capacity(pieces.len());
    let mut is_link = false;
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Text(text) = piece else {
            match piece {
                Piece::Open(Mark::Link(_)) => is_link = true,
                Piece::Close(Mark::Link(_)) => is_link = false,
                _ => {}
            }
            escaped.push(piece.clone());
            continue;
        };
        let is_after_break = matches!(escaped.last(), Some(Piece::Break));
        let text = if is_after_break { text.trim_start() } else { text };
        let mut text = escape_between(text, index + 1 < pieces.len(), !is_link);
        // Before a bracket it would make a picture of a link.
        let has_bracket = match pieces.get(index + 1) {
            Some(Piece::Open(Mark::Link(_))) => true,
            Some(Piece::Raw(raw)) => raw.starts_with('['),
            _ => false,
        };
        if has_bracket && text.ends_with('!') {
            text.pop();
            text.push_str("\\!");
        }
        escaped.push(Piece::Text(text));
    }
    escaped
}

fn is_line_start(out: &str) -> bool {
    out.is_empty() || out.ends_with('\n')
}

/// Signs at the end of a heading would be taken for its closing ones.
fn escape_closing_signs(line: String) -> String {
    match line.strip_suffix('#') {
        Some(before) if !before.ends_with('\\') => format!("{before}\\#"),
        _ => line,
    }
}

fn opening(mark: Mark, as_html: bool) -> &'static str {
    match (mark, as_html) {
        (Mark::Emphasis, false) => "*",
        (Mark::Emphasis, true) => "<em>",
        (Mark::Strong, false) => "**",
        (Mark::Strong, true) => "<strong>",
        (Mark::Struck, false) => "~~",
        (Mark::Struck, true) => "<del>",
        (Mark::Link(_), _) => "[",
    }
}

fn close(mark: Mark, as_html: bool, links: &[String], out: &mut String) {
    match (mark, as_html) {
        (Mark::Emphasis, true) => out.push_str("</em>"),
        (Mark::Strong, true) => out.push_str("</strong>"),
        (Mark::Struck, true) => out.push_str("</del>"),
        (Mark::Link(index), _) => {
            let target = links.get(index).map_or("", String::as_str);
            out.push_str("](");
            out.push_str(target);
            out.push(')');
        }
        (Mark::Emphasis | Mark::Strong | Mark::Struck, false) => out.push_str(opening(mark, false)),
    }
}

/// Adjacent marks, which Markdown reads together.
struct Run {
    marks: Vec<usize>,
    is_recognized: bool,
}

/// Decides for each piece whether it must be written as HTML.
///
/// Marks that are adjacent, and the two ends of a formatting, share their fate.
fn marks_as_html(pieces: &[Piece], place: Place) -> Vec<bool> {
    let runs = runs(pieces, place);
    let mut run_of = vec![None; pieces.len()];
    for (number, run) in runs.iter().enumerate() {
        for mark in &run.marks {
            if let Some(run_of) = run_of.get_mut(*mark) {
                *run_of = Some(number);
            }
        }
    }
    let partners = partners(pieces);
    let mut as_html = vec![false; pieces.len()];
    let failed = runs.iter().filter(|run| !run.is_recognized);
    let mut left: Vec<usize> = failed.flat_map(|run| run.marks.iter().copied()).collect();
    while let Some(mark) = left.pop() {
        match as_html.get_mut(mark) {
            Some(done) if !*done => *done = true,
            _ => continue,
        }
        left.extend(partners.get(mark).copied().flatten());
        let run = run_of.get(mark).copied().flatten().and_then(|number| runs.get(number));
        left.extend(run.into_iter().flat_map(|run| run.marks.iter().copied()));
    }
    as_html
}

fn partners(pieces: &[Piece]) -> Vec<Option<usize>> {
    let mut partners = vec![None; pieces.len()];
    let mut open = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if let Piece::Open(_) = piece {
            open.push(index);
        } else if let Piece::Close(_) = piece
            && let Some(start) = open.pop()
        {
            if let Some(partner) = partners.get_mut(index) {
                *partner = Some(start);
            }
            if let Some(partner) = partners.get_mut(start) {
                *partner = Some(index);
            }
        }
    }
    partners
}

fn runs(pieces: &[Piece], place: Place) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut at = 0;
    let mut depth = 0_usize;
    while at < pieces.len() {
        let length = pieces.iter().skip(at).take_while(|piece| is_emphasis(piece)).count();
        if length == 0 {
            at += 1;
            continue;
        }
        let marks: Vec<usize> = (at..at + length).collect();
        let before = at
            .checked_sub(1)
            .and_then(|at| pieces.get(at))
            .and_then(|piece| last_char(piece, place));
        let after = pieces.get(at + length).and_then(|piece| first_char(piece, place));
        let run = pieces.get(at..at + length).unwrap_or(&[]);
        let is_unique = depth == 0 || !opens(run) || cannot_close(before, after);
        let is_recognized = is_unique && is_recognized(run, before, after);
        for piece in run {
            match piece {
                Piece::Open(_) => depth += 1,
                _ => depth = depth.saturating_sub(1),
            }
        }
        runs.push(Run { marks, is_recognized });
        at += length;
    }
    runs
}

fn is_emphasis(piece: &Piece) -> bool {
    matches!(piece, Piece::Open(mark) | Piece::Close(mark) if !matches!(mark, Mark::Link(_)))
}

fn opens(run: &[Piece]) -> bool {
    matches!(run.first(), Some(Piece::Open(_)))
}

/// Checks whether marks between two characters can only open, so that they do not end an outer
/// formatting.
fn cannot_close(before: Option<char>, after: Option<char>) -> bool {
    let is_space = before.is_none_or(char::is_whitespace);
    let is_sign = before.is_some_and(|c| c.is_ascii_punctuation());
    is_space || is_sign && after.is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Checks whether Markdown recognizes adjacent marks between two characters. It is stricter than
/// the rules, since a sign may count as punctuation or not.
fn is_recognized(run: &[Piece], before: Option<char>, after: Option<char>) -> bool {
    let opens = run.iter().filter(|piece| matches!(piece, Piece::Open(_))).count();
    let is_struck =
        |piece: &&Piece| matches!(piece, Piece::Open(Mark::Struck) | Piece::Close(Mark::Struck));
    let struck = run.iter().filter(is_struck).count();
    let is_mixed = struck > 0 && struck < run.len();
    let is_edge = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || c.is_ascii_punctuation());
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    if opens == run.len() {
        !is_space(after) && (is_edge(before) || is_word(after) && !is_mixed)
    } else if opens == 0 {
        !is_space(before) && (is_edge(after) || is_word(before) && !is_mixed)
    } else {
        false
    }
}

fn first_char(piece: &Piece, place: Place) -> Option<char> {
    match piece {
        Piece::Text(text) | Piece::Raw(text) => text.chars().next(),
        Piece::Open(_) => Some('['),
        Piece::Close(_) => Some(']'),
        Piece::Break => Some(if place == Place::Cell { '<' } else { '\n' }),
    }
}

fn last_char(piece: &Piece, place: Place) -> Option<char> {
    match piece {
        Piece::Text(text) | Piece::Raw(text) => text.chars().next_back(),
        Piece::Open(_) => Some('['),
        Piece::Close(_) => Some(')'),
        Piece::Break => Some(if place == Place::Cell { '>' } else { '\n' }),
    }
}
