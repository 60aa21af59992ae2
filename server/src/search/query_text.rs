//! Parser of queries. Every text is a valid query: there is no syntax.

use crate::search::words::{Word, pair, words};

/// Characters of a query that count.
pub(crate) const MAX_QUERY: usize = 200;
/// Words of a query that count.
const MAX_WORDS: usize = 16;
/// Letters that the beginning of a word needs to stand for the whole.
const MIN_PREFIX: usize = 2;

/// Condition on the words of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A word in any of its forms.
    Word(WantedWord),
    /// Terms beside each other: words in quotes, or characters of a script without spaces.
    Phrase(Vec<String>),
}

/// A word that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WantedWord {
    /// Without case and accents.
    pub(super) folded: String,
    /// In lower case, for the stem.
    pub(super) lower: String,
    /// The word without what an apostrophe joins to it, as `avenir` of `l'avenir`.
    pub(super) part: Option<String>,
    /// It is the last one, and may be the beginning of a longer word.
    pub(super) is_prefix: bool,
}

/// Reads a query.
pub(super) fn parse(text: &str) -> Vec<Wanted> {
    let end = text.char_indices().nth(MAX_QUERY).map_or(text.len(), |(end, _)| end);
    let text = text.get(..end).unwrap_or(text);
    let quotes = quotes(text);
    let mut wanted = Vec::new();
    let mut words = words(text);
    words.truncate(MAX_WORDS);
    let is_open = text.chars().next_back().is_some_and(char::is_alphanumeric);
    let mut rest = words.as_slice();
    while let Some((first, after)) = rest.split_first() {
        if let Some(quote) = quotes.iter().find(|quote| quote.contains(&first.range.start)) {
            let inside = rest.iter().take_while(|word| quote.contains(&word.range.start)).count();
            let (phrase, after) = rest.split_at(inside);
            wanted.push(Wanted::Phrase(phrase_terms(phrase)));
            rest = after;
        } else if first.is_character() {
            let mut before = first;
            let joined = after.iter().take_while(|word| {
                let is_joined = word.is_character() && word.follows(before);
                before = word;
                is_joined
            });
            let (run, after) = rest.split_at(1 + joined.count());
            wanted.push(Wanted::Phrase(phrase_terms(run)));
            rest = after;
        } else {
            wanted.push(Wanted::Word(wanted_word(first, is_open && after.is_empty())));
            rest = after;
        }
    }
    wanted
}

fn wanted_word(word: &Word, is_last: bool) -> WantedWord {
    let joins = |c: char| matches!(c, '\'' | '\u{2019}');
    let part = word.parts.iter().max_by_key(|part| part.len());
    WantedWord {
        folded: word.folded.clone(),
        lower: word.lower.clone(),
        part: part.filter(|_| word.lower.contains(joins)).cloned(),
        is_prefix: is_last && word.folded.chars().count() >= MIN_PREFIX,
    }
}

/// Returns the terms that are beside each other: words, and pairs of characters.
fn phrase_terms(words: &[Word]) -> Vec<String> {
    let mut terms = Vec::new();
    let mut was_pair = false;
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1);
        let is_pair =
            |next: &&Word| word.is_character() && next.is_character() && next.follows(word);
        let with_next = next.filter(is_pair).map(|next| pair(word, next));
        // The last character of all is in the pair before it.
        let is_needed = next.is_some() || !was_pair;
        was_pair = with_next.is_some();
        terms.extend(with_next.or_else(|| is_needed.then(|| word.folded.clone())));
    }
    terms
}

/// Returns the places between pairs of quotation marks.
fn quotes(text: &str) -> Vec<std::ops::Range<usize>> {
    let is_quote = |c: char| matches!(c, '"' | '\u{201c}'..='\u{201f}' | '«' | '»' | '\u{300c}'..='\u{300f}' | '\u{ff02}');
    let mut quotes = Vec::new();
    let mut open = None;
    for (at, character) in text.char_indices().filter(|(_, c)| is_quote(*c)) {
        match open.take() {
            Some(start) if start + character.len_utf8() < at => quotes.push(start..at),
            _ => open = Some(at),
        }
    }
    quotes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        parse(text)
            .into_iter()
            .map(|wanted| match wanted {
                Wanted::Word(word) if word.is_prefix => format!("{}*", word.folded),
                Wanted::Word(word) => word.folded,
                Wanted::Phrase(terms) => format!("\"{}\"", terms.join(" ")),
            })
            .collect()
    }

    #[test]
    fn a_query_has_words_phrases_and_a_beginning() {
        for (text, expected) in [
            ("Green bri", vec!["green", "bri*"]),
            ("green bridge ", vec!["green", "bridge"]),
            ("\"the Green bridge\" ope", vec!["\"the green bridge\"", "ope*"]),
            ("\u{201e}Grüne Brücke\u{201c} auf", vec!["\"grune brucke\"", "auf*"]),
            ("un\"closed", vec!["un", "closed*"]),
            ("AND (NOT -x:y) OR *", vec!["and", "not", "x:y", "or"]),
            ("東京の春 x", vec!["\"東京 京の の春\"", "x"]),
            ("春", vec!["\"春\""]),
            ("\"\" \"", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(terms(text), expected, "{text}");
        }
        let long = "word ".repeat(100);
        assert_eq!(terms(&long).len(), MAX_WORDS);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_query(text in "\\PC{0,300}") {
            assert!(parse(&text).len() <= MAX_WORDS);
        }
    }
}
