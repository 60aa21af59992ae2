//! Words of the index that are like a typed one: those that begin with it, and those that differ by
//! one typing error.

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use std::collections::HashMap;
use std::sync::LazyLock;
use tantivy::Searcher;
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;
use tantivy_fst::Automaton;

use crate::search::stems::STEM;

/// Words that begin with a typed one and are searched for.
const MAX_BEGUN: usize = 30;
/// Stories with these words, after which no more are searched for.
const MAX_USES: u64 = 20_000;
/// Words with one difference that are searched for.
const MAX_SIMILAR: usize = 15;
/// Words that are looked at; more begin only with one or two letters.
const MAX_SEEN: usize = 5_000;

/// One error is a letter that is missing, added or wrong, or two that changed places.
static ONE_ERROR: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));

/// Returns the most frequent words that begin with a text, without itself.
pub(super) fn begun_with(
    searcher: &Searcher,
    field: Field,
    text: &str,
) -> tantivy::Result<Vec<String>> {
    let end = format!("{text}\u{10ffff}");
    let words = frequencies(searcher, field, |words, add| {
        let mut range = words.range().gt(text).lt(&end).into_stream()?;
        let mut seen = 0;
        while seen < MAX_SEEN && range.advance() {
            add(range.key(), range.value().doc_freq);
            seen += 1;
        }
        Ok(())
    })?;
    let mut uses = 0;
    let words = most_frequent(words, MAX_BEGUN).into_iter();
    let words = words.take_while(|(_, more)| {
        let has_room = uses < MAX_USES;
        uses += more;
        has_room
    });
    Ok(words.map(|(word, _)| word).collect())
}

/// Returns the most frequent words that differ from a text by one error; of a stem the stems.
pub(super) fn similar_to(
    searcher: &Searcher,
    field: Field,
    text: &str,
) -> tantivy::Result<Vec<String>> {
    let automaton = OneError(ONE_ERROR.build_dfa(text));
    let words = frequencies(searcher, field, |words, add| {
        let mut similar = words.search(&automaton).into_stream()?;
        let mut seen = 0;
        while seen < MAX_SEEN && similar.advance() {
            add(similar.key(), similar.value().doc_freq);
            seen += 1;
        }
        Ok(())
    })?;
    let words = words
        .into_iter()
        .filter(|(word, _)| word != text && word.starts_with(STEM) == text.starts_with(STEM));
    let words = most_frequent(words.collect(), MAX_SIMILAR).into_iter();
    Ok(words.map(|(word, _)| word).collect())
}

/// Adds up in how many stories words occur, over the parts of the index.
fn frequencies(
    searcher: &Searcher,
    field: Field,
    each: impl Fn(&TermDictionary, &mut dyn FnMut(&[u8], u32)) -> tantivy::Result<()>,
) -> tantivy::Result<HashMap<String, u64>> {
    let mut words: HashMap<String, u64> = HashMap::new();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        each(inverted.terms(), &mut |key, frequency| {
            if let Ok(word) = std::str::from_utf8(key) {
                *words.entry(word.to_owned()).or_default() += u64::from(frequency);
            }
        })?;
    }
    Ok(words)
}

fn most_frequent(words: HashMap<String, u64>, limit: usize) -> Vec<(String, u64)> {
    let mut words: Vec<(String, u64)> = words.into_iter().collect();
    words.sort_unstable_by(|(a, a_uses), (b, b_uses)| b_uses.cmp(a_uses).then_with(|| a.cmp(b)));
    words.truncate(limit);
    words
}

/// Accepts the words with at most one error.
struct OneError(DFA);

impl Automaton for OneError {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}
