//! The part of a text that shows why a story was found.

use std::collections::HashSet;
use std::ops::Range;

use gazette_domain::{Language, Story};

use crate::search::plain_text::plain_text;
use crate::search::sought::{Sought, marked_terms};
use crate::search::stems::{STEM, Stems, is_stem};
use crate::search::words::{Word, folded, pair, words_if};

/// Length of a snippet, in characters of a script with spaces.
const LENGTH: usize = 240;
/// Text before the first match.
const BEFORE: usize = 60;
/// Length of a long word, beside which short ones are not marked, and of a marked word, in bytes.
const MIN_LONG: usize = 5;
const MIN_MARKED: usize = 3;
/// The part of a text in which matches are looked for, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// A part of a text; the parts that match are marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextPart {
    /// Plain text.
    pub(crate) text: String,
    /// It is a match.
    pub(crate) is_match: bool,
}

/// Matches that are marked in the texts of found stories.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    terms: HashSet<String>,
    /// First characters of all terms, so that most words are passed over.
    initials: HashSet<char>,
    has_stems: bool,
}

/// A found story as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The headline.
    pub(crate) headline: Vec<TextPart>,
    /// The best part of the text.
    pub(crate) snippet: Vec<TextPart>,
}

impl Marks {
    pub(super) fn of(sought: &[Sought]) -> Self {
        let mut terms: HashSet<String> = marked_terms(sought).map(str::to_owned).collect();
        // Beside longer words, those such as "of" would hide what matters.
        if terms.iter().any(|term| term.len() >= MIN_LONG) {
            terms.retain(|term| term.trim_start_matches(STEM).len() >= MIN_MARKED);
        }
        let letters = |term: &str| term.chars().find(|c| c.is_alphanumeric());
        Self {
            initials: terms.iter().filter_map(|term| letters(term)).collect(),
            has_stems: terms.iter().any(|term| is_stem(term)),
            terms,
        }
    }

    /// Shows the current text of a story. `site` is the language of a story that names none.
    pub(crate) fn show(&self, story: &Story, site: &Language) -> Shown {
        let teaser = &story.teaser;
        let stems = Stems::of_story(teaser.language.as_ref(), site);
        let headline =
            parts(&teaser.headline, 0..teaser.headline.len(), &self.find(&teaser.headline, stems));
        let body = plain_text(&story.body);
        let body = body.get(..body.floor_char_boundary(MAX_TEXT)).unwrap_or(&body);
        let in_body = self.find(body, stems);
        let snippet = if in_body.is_empty() && !teaser.summary.is_empty() {
            excerpt(&teaser.summary, &self.find(&teaser.summary, stems))
        } else {
            excerpt(body, &in_body)
        };
        Shown { headline, snippet }
    }

    /// Returns the places of matches in a text.
    fn find(&self, text: &str, stems: Stems) -> Vec<Range<usize>> {
        let words = words_if(text, |word| self.may_match(word));
        let mut found: Vec<Range<usize>> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            if self.matches(word, stems) {
                found.push(word.range.clone());
            } else if let Some(next) = words.get(at + 1)
                && word.is_character()
                && next.follows(word)
                && self.terms.contains(&pair(word, next))
            {
                found.push(word.range.start..next.range.end);
            }
        }
        merged(found)
    }

    fn may_match(&self, word: &str) -> bool {
        let first = word.chars().find(|c| c.is_alphanumeric());
        let has_parts = || word.contains(|c: char| !c.is_alphanumeric());
        first.is_some_and(|first| {
            if first.is_ascii() {
                self.initials.contains(&first.to_ascii_lowercase())
            } else {
                folded(first.encode_utf8(&mut [0; 4]))
                    .chars()
                    .next()
                    .is_some_and(|c| self.initials.contains(&c))
            }
        }) || has_parts()
    }

    fn matches(&self, word: &Word, stems: Stems) -> bool {
        self.terms.contains(&word.folded)
            || word.parts.iter().any(|part| self.terms.contains(part))
            || (self.has_stems && stems.term(word).is_some_and(|stem| self.terms.contains(&stem)))
    }
}

/// Joins places that overlap or touch.
fn merged(places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for place in places {
        match merged.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => merged.push(place),
        }
    }
    merged
}

/// Returns the part of a text with the most different matches, or its beginning.
fn excerpt(text: &str, places: &[Range<usize>]) -> Vec<TextPart> {
    let best = best_place(text, places);
    let start = best.map_or(0, |place| start_before(text, place));
    let end = end_after(text, start);
    let ellipsis = |text: &str| TextPart { text: text.to_owned(), is_match: false };
    let mut shown = Vec::new();
    shown.extend((start > 0).then(|| ellipsis("\u{2026} ")));
    shown.extend(parts(text, start..end, places));
    shown.extend((end < text.len()).then(|| ellipsis(" \u{2026}")));
    shown
}

/// Returns the place from which on a snippet has the most different matches.
fn best_place(text: &str, places: &[Range<usize>]) -> Option<usize> {
    let room = LENGTH - BEFORE;
    let mut best = (0, None);
    for (at, first) in places.iter().enumerate() {
        let inside = places.iter().skip(at).take_while(|place| place.end <= first.start + room);
        let matches: HashSet<String> =
            inside.take(8).filter_map(|place| text.get(place.clone())).map(folded).collect();
        if matches.len() > best.0 {
            best = (matches.len(), Some(first.start));
        }
    }
    best.1
}

/// Returns the start of a word shortly before a place, or the start of its sentence.
fn start_before(text: &str, place: usize) -> usize {
    if place <= BEFORE {
        return 0;
    }
    let near = text.ceil_char_boundary(place - BEFORE);
    let Some(before) = text.get(near..place) else { return place };
    let sentence = before.rfind(". ").map(|at| near + at + 2);
    let word = before.find(' ').map(|at| near + at + 1);
    sentence.or(word).unwrap_or(near)
}

/// Returns the end of the last whole word of a snippet.
fn end_after(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    // Characters of scripts without spaces say more, and take more bytes.
    let Some((length, _)) = rest.char_indices().find(|(at, _)| *at >= LENGTH) else {
        return text.len();
    };
    let cut = rest.get(..length).unwrap_or(rest);
    let end = cut.rfind(' ').filter(|end| *end > LENGTH / 2).unwrap_or(length);
    start + end
}

/// Splits a part of a text at its matches.
fn parts(text: &str, part: Range<usize>, places: &[Range<usize>]) -> Vec<TextPart> {
    let mut parts = Vec::new();
    let mut push = |range: Range<usize>, is_match: bool| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            parts.push(TextPart { text: text.to_owned(), is_match });
        }
    };
    let mut at = part.start;
    let inside = places.iter().filter(|place| place.start >= part.start && place.end <= part.end);
    for place in inside {
        push(at..place.start, false);
        push(place.clone(), true);
        at = place.end;
    }
    push(at..part.end, false);
    parts
}
