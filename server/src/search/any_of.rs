//! A query for the stories with any of several terms, scored by the best one.
//!
//! Tantivy's own union reads and scores every entry of its terms, 4,096 stories at a time, however
//! few stories the other words of a query leave. This one reads only the
//! entries that the query needs.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use crate::search::parts::{Cursor, copies, cursors, explain, first, weights};

/// Finds the stories of any part. The score is that of the best part, and a share of the others.
#[derive(Debug)]
pub(super) struct AnyOf {
    pub(super) parts: Vec<Box<dyn Query>>,
    /// Share of the other parts.
    pub(super) tie: Score,
}

struct AnyOfWeight {
    parts: Vec<Box<dyn Weight>>,
    tie: Score,
}

struct AnyOfScorer {
    parts: Vec<Cursor>,
    tie: Score,
    /// The first story that a cursor is at.
    doc: DocId,
}

impl Clone for AnyOf {
    fn clone(&self) -> Self {
        Self { parts: copies(&self.parts), tie: self.tie }
    }
}

impl Query for AnyOf {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AnyOfWeight { parts: weights(&self.parts, scoring)?, tie: self.tie }))
    }
}

impl Weight for AnyOfWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let parts = cursors(&self.parts, reader, boost)?;
        let doc = first(&parts);
        Ok(Box::new(AnyOfScorer { parts, tie: self.tie, doc }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain("the best of its parts", self, reader, doc)
    }
}

impl DocSet for AnyOfScorer {
    fn advance(&mut self) -> DocId {
        let doc = self.doc;
        if doc != TERMINATED {
            self.parts.iter_mut().filter(|part| part.doc() == doc).for_each(Cursor::advance);
        }
        self.doc = first(&self.parts);
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            for part in &mut self.parts {
                part.seek(target);
            }
            self.doc = first(&self.parts);
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.parts.iter().fold(0, |sum, part| sum.saturating_add(part.size_hint()))
    }

    fn cost(&self) -> u64 {
        self.parts.iter().map(Cursor::cost).sum()
    }
}

impl Scorer for AnyOfScorer {
    fn score(&mut self) -> Score {
        let doc = self.doc;
        let (mut best, mut sum): (Score, Score) = (0.0, 0.0);
        for part in self.parts.iter_mut().filter(|part| part.doc() == doc) {
            let score = part.score_of(doc);
            best = best.max(score);
            sum += score;
        }
        best + (sum - best) * self.tie
    }
}
