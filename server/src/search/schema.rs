//! Fields of the index.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};

use crate::search::word_list::TOKENIZER;

/// Version of the fields and of the form of words. Another one makes the index be built anew.
pub(super) const FORMAT: u32 = 2;

/// Fields of a story in the index. The story itself is not in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// Id of the story.
    pub(super) id: Field,
    /// Slug of its section.
    pub(super) section: Field,
    /// First part of the tag of its language.
    pub(super) language: Field,
    /// Time of publication, in seconds.
    pub(super) published_at: Field,
    /// Time from which readers no longer see it, in seconds.
    pub(super) ends_at: Field,
    /// Words of the headline.
    pub(super) headline: Field,
    /// Words of section, tags and authors.
    pub(super) names: Field,
    /// All words.
    pub(super) text: Field,
}

impl Fields {
    /// Returns the schema with its fields.
    pub(super) fn schema() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let words = words();
        let fields = Self {
            id: schema.add_text_field("id", STRING | FAST),
            section: schema.add_text_field("section", STRING),
            language: schema.add_text_field("language", STRING),
            published_at: schema.add_i64_field("published_at", FAST),
            ends_at: schema.add_i64_field("ends_at", FAST),
            headline: schema.add_text_field("headline", words.clone()),
            names: schema.add_text_field("names", words.clone()),
            text: schema.add_text_field("text", words),
        };
        (schema.build(), fields)
    }
}

/// Words arrive split, so that queries, the index and snippets split them alike.
fn words() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    TextOptions::default().set_indexing_options(indexing)
}
