//! Lists of words: texts that are split already, in the form in which the index reads them.
//!
//! tantivy takes the tokens of a text too, but as JSON, which takes longer than all else.

use std::collections::HashMap;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::search::stems::Stems;
use crate::search::words::{Word, Written, WrittenWord, pair, written_words};

/// Name of the tokenizer in the schema of the index.
pub(super) const TOKENIZER: &str = "word list";
/// Ends the terms of one position.
const END_OF_POSITION: char = '\u{2}';
/// Ends each term but the last of a position.
const END_OF_TERM: char = '\u{3}';
/// Ends a text.
const END_OF_TEXT: char = '\u{4}';
/// Positions between two texts, so that no phrase begins in one and ends in the other.
const GAP: usize = 100;

/// Lists the words of the texts of one story.
pub(super) struct WordLister {
    stems: Stems,
    /// The terms of each word without a sign, as it is written.
    known: HashMap<String, String>,
}

impl WordLister {
    pub(super) fn new(stems: Stems) -> Self {
        Self { stems, known: HashMap::new() }
    }

    /// Returns the words of texts, each with its stem and its parts at the same position. Lists may follow each other.
    pub(super) fn list(&mut self, texts: &[&str]) -> String {
        let mut list = String::new();
        for text in texts {
            let words = written_words(text);
            let mut rest = words.iter().peekable();
            while let Some(word) = rest.next() {
                match (word, rest.peek()) {
                    (Written::Word(word), _) => self.push_word(word, &mut list),
                    (Written::Character(one), Some(Written::Character(next))) => {
                        push_character(one, Some(next), &mut list);
                    }
                    (Written::Character(one), _) => push_character(one, None, &mut list),
                }
            }
            list.push(END_OF_TEXT);
        }
        list
    }

    fn push_word(&mut self, word: &WrittenWord<'_>, list: &mut String) {
        if !word.sign.is_empty() {
            list.push_str(&self.terms(word));
        } else if let Some(terms) = self.known.get(word.text) {
            list.push_str(terms);
        } else {
            let terms = self.terms(word);
            list.push_str(&terms);
            self.known.insert(word.text.to_owned(), terms);
        }
    }

    /// Returns the position of a word: itself, its stem and its parts. Empty if nothing is left of
    /// the word.
    fn terms(&self, word: &WrittenWord<'_>) -> String {
        let Some(word) = word.spelled() else { return String::new() };
        let stem = self.stems.term(&word);
        let mut terms = word.folded;
        push_next(stem.as_deref(), &mut terms);
        for part in &word.parts {
            push_next(self.stems.of_lower(part).as_deref(), &mut terms);
            push_next(Some(part), &mut terms);
        }
        terms.push(END_OF_POSITION);
        terms
    }
}

/// Adds the position of a character: itself, and the pair with the one after it.
fn push_character(character: &Word, next: Option<&Word>, list: &mut String) {
    list.push_str(&character.folded);
    let next = next.filter(|next| next.follows(character));
    push_next(next.map(|next| pair(character, next)).as_deref(), list);
    list.push(END_OF_POSITION);
}

fn push_next(term: Option<&str>, list: &mut String) {
    if let Some(term) = term {
        list.push(END_OF_TERM);
        list.push_str(term);
    }
}

/// Reads lists of words.
#[derive(Clone, Default)]
pub(super) struct WordListTokenizer {
    token: Token,
}

impl Tokenizer for WordListTokenizer {
    type TokenStream<'a> = WordListStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordListStream<'a> {
        WordListStream { rest: text, next_position: 0, token: &mut self.token }
    }
}

/// The terms of a list that are not read yet, and the last one that was.
pub(super) struct WordListStream<'a> {
    rest: &'a str,
    next_position: usize,
    token: &'a mut Token,
}

impl TokenStream for WordListStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some((term, rest)) = self.rest.split_once(is_end) {
            let end = self.rest.as_bytes().get(term.len()).copied().map(char::from);
            self.rest = rest;
            if end == Some(END_OF_TEXT) {
                self.next_position += GAP;
                continue;
            }
            self.token.position = self.next_position;
            self.token.text.clear();
            self.token.text.push_str(term);
            self.next_position += usize::from(end == Some(END_OF_POSITION));
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

fn is_end(character: char) -> bool {
    matches!(character, END_OF_POSITION | END_OF_TERM | END_OF_TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::words::words;

    fn tokens(list: &str) -> Vec<(usize, String)> {
        let mut tokens = Vec::new();
        WordListTokenizer::default()
            .token_stream(list)
            .process(&mut |token| tokens.push((token.position, token.text.clone())));
        tokens
    }

    fn owned(tokens: &[(usize, &str)]) -> Vec<(usize, String)> {
        tokens.iter().map(|&(position, term)| (position, term.to_owned())).collect()
    }

    #[test]
    fn a_list_has_words_stems_parts_and_pairs() {
        let mut lister = WordLister::new(Stems::of("en"));
        let list = lister.list(&["Bridges, l'avenir", "", "東京"]);
        let spaced = [
            (0, "bridges"),
            (0, "\u{1}bridg"),
            (1, "lavenir"),
            (1, "\u{1}l'avenir"),
            (1, "\u{1}avenir"),
            (1, "avenir"),
        ];
        let unspaced = [(202, "東"), (202, "東京"), (203, "京")];
        assert_eq!(tokens(&list), owned(&[&spaced[..], &unspaced].concat()));
        let twice = tokens(&[list.as_str(), &list].concat());
        assert_eq!(twice.len(), 18);
        assert_eq!(twice[9], (304, "bridges".to_owned()));
        assert_eq!(tokens(""), []);
    }

    proptest::proptest! {
        #[test]
        fn the_words_of_any_text_are_read_as_they_are(text in "([a-z\u{1}-\u{4}]{0,3}[ .'\n]?|[\\p{L}\\p{N}\\p{P}]\\p{M}?){0,40}") {
            let list = WordLister::new(Stems::of("")).list(&[&text]);
            let mut found = tokens(&list);
            found.dedup_by_key(|(position, _)| *position);
            let expected = words(&text).into_iter().map(|word| word.folded).enumerate();
            assert_eq!(found, expected.collect::<Vec<_>>());
        }
    }
}
