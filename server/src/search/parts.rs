//! Parts of a query that is made of others.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, Score, SegmentReader, TERMINATED, TantivyError};

/// A scorer and its current story, which is read more often than it changes.
pub(super) struct Cursor {
    scorer: Box<dyn Scorer>,
    doc: DocId,
}

impl Cursor {
    pub(super) fn new(scorer: Box<dyn Scorer>) -> Self {
        Self { doc: scorer.doc(), scorer }
    }

    pub(super) const fn doc(&self) -> DocId {
        self.doc
    }

    /// Checks whether it has nothing more.
    pub(super) const fn is_at_end(&self) -> bool {
        self.doc == TERMINATED
    }

    pub(super) fn advance(&mut self) {
        self.doc = self.scorer.advance();
    }

    /// Goes to a story, or to the first one after it.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = self.scorer.seek(target);
        }
        self.doc
    }

    /// Returns the score of a story; 0 if the scorer does not find it.
    pub(super) fn score_of(&mut self, doc: DocId) -> Score {
        if self.seek(doc) == doc { self.scorer.score() } else { 0.0 }
    }

    pub(super) fn size_hint(&self) -> u32 {
        self.scorer.size_hint()
    }

    pub(super) fn cost(&self) -> u64 {
        self.scorer.cost()
    }
}

/// Returns copies of queries.
pub(super) fn copies(parts: &[Box<dyn Query>]) -> Vec<Box<dyn Query>> {
    parts.iter().map(|part| part.box_clone()).collect()
}

/// Returns the weights of queries.
pub(super) fn weights(
    parts: &[Box<dyn Query>],
    scoring: EnableScoring<'_>,
) -> tantivy::Result<Vec<Box<dyn Weight>>> {
    parts.iter().map(|part| part.weight(scoring)).collect()
}

/// Returns cursors at the first stories of each part, without those that find none.
pub(super) fn cursors(
    parts: &[Box<dyn Weight>],
    reader: &SegmentReader,
    boost: Score,
) -> tantivy::Result<Vec<Cursor>> {
    let mut cursors = Vec::with_capacity(parts.len());
    for part in parts {
        let cursor = Cursor::new(part.scorer(reader, boost)?);
        if !cursor.is_at_end() {
            cursors.push(cursor);
        }
    }
    Ok(cursors)
}

/// Returns the first story of several cursors.
pub(super) fn first(cursors: &[Cursor]) -> DocId {
    cursors.iter().map(Cursor::doc).min().unwrap_or(TERMINATED)
}

/// Explains a score of a query by its name only: nothing here asks for more.
pub(super) fn explain(
    name: &'static str,
    weight: &impl Weight,
    reader: &SegmentReader,
    doc: DocId,
) -> tantivy::Result<Explanation> {
    let mut found = Cursor::new(weight.scorer(reader, 1.0)?);
    if found.seek(doc) == doc {
        Ok(Explanation::new(name, found.score_of(doc)))
    } else {
        Err(TantivyError::InvalidArgument(format!("story {doc} of the index does not match")))
    }
}
