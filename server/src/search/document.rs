//! A story as the index has it.

use std::collections::HashMap;

use gazette_domain::{Label, LabelKind, Language, Story};
use tantivy::TantivyDocument;
use tantivy::tokenizer::{PreTokenizedString, Token};

use crate::search::plain_text::plain_text;
use crate::search::schema::Fields;
use crate::search::stems::Stems;
use crate::search::words::{Word, words};

/// Positions between two texts of a field, so that no phrase begins in one and ends in the other.
const GAP: usize = 100;

/// Makes the document of a story. `site` is the language of a story that names none.
pub(super) fn document(story: &Story, fields: &Fields, site: &Language) -> TantivyDocument {
    let teaser = &story.teaser;
    let stems = Stems::of_story(teaser.language.as_ref(), site);
    let language = teaser.language.as_ref().unwrap_or(site).primary();
    let body = plain_text(&story.body);
    let names: Vec<&str> = [LabelKind::Section, LabelKind::Tag, LabelKind::Author]
        .into_iter()
        .flat_map(|kind| teaser.labels(kind).iter().map(label_name))
        .collect();
    let headline = teaser.headline.as_str();
    let summary = teaser.summary.as_str();
    let mut all = vec![headline];
    all.extend(&names);
    // Words of the summary count twice, which saves a field.
    all.extend([summary, summary, body.as_str()]);
    let mut document = TantivyDocument::new();
    document.add_text(fields.id, teaser.id.to_string());
    document.add_text(fields.section, teaser.section.slug.as_str());
    document.add_text(fields.language, language);
    document.add_i64(fields.published_at, teaser.published_at.as_second());
    let end = teaser.unpublish_at.map_or(i64::MAX, jiff::Timestamp::as_second);
    document.add_i64(fields.ends_at, end);
    document.add_pre_tokenized_text(fields.headline, tokens(&[headline], stems));
    document.add_pre_tokenized_text(fields.names, tokens(&names, stems));
    document.add_pre_tokenized_text(fields.text, tokens(&all, stems));
    document
}

fn label_name(label: &Label) -> &str {
    &label.name
}

/// Returns the words of texts, each with its stem and its parts at the same position.
fn tokens(texts: &[&str], stems: Stems) -> PreTokenizedString {
    let mut tokens = Vec::new();
    let mut position = 0;
    let mut known_stems: HashMap<String, Option<String>> = HashMap::new();
    for text in texts {
        let words = words(text);
        let mut rest = words.iter().peekable();
        while let Some(word) = rest.next() {
            let next = rest.peek().copied();
            for term in terms(word, next, stems, &mut known_stems) {
                let (offset_from, offset_to) = (word.range.start, word.range.end);
                let length = 1;
                tokens.push(Token {
                    offset_from,
                    offset_to,
                    position,
                    text: term,
                    position_length: length,
                });
            }
            position += 1;
        }
        position += GAP;
    }
    PreTokenizedString { text: String::new(), tokens }
}

/// Returns the terms of a word: itself, its parts and its stem; of a character itself, and the pair
/// with the one after it.
fn terms(
    word: &Word,
    next: Option<&Word>,
    stems: Stems,
    known_stems: &mut HashMap<String, Option<String>>,
) -> Vec<String> {
    let mut terms = vec![word.folded.clone()];
    if word.is_character() {
        let next = next.filter(|next| next.is_character() && next.follows(word));
        terms.extend(next.map(|next| pair(word, next)));
        return terms;
    }
    if let Some(stem) = known_stems.get(&word.lower) {
        terms.extend(stem.clone());
    } else {
        let stem = stems.term(word);
        known_stems.insert(word.lower.clone(), stem.clone());
        terms.extend(stem);
    }
    for part in &word.parts {
        terms.extend(stems.of_lower(part));
        terms.push(part.clone());
    }
    terms
}

/// Returns the term of two characters beside each other.
pub(super) fn pair(first: &Word, second: &Word) -> String {
    format!("{}{}", first.folded, second.folded)
}
