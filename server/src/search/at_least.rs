//! A query for the stories with at least some of the words.
//!
//! A story with enough words has one of the rarest, so only the lists of those are read whole.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use crate::search::parts::{Cursor, copies, cursors, explain, first, weights};

/// Finds the stories of at least `enough` parts; adds up their scores.
#[derive(Debug)]
pub(super) struct AtLeast {
    pub(super) parts: Vec<Box<dyn Query>>,
    pub(super) enough: usize,
}

struct AtLeastWeight {
    parts: Vec<Box<dyn Weight>>,
    enough: usize,
}

struct AtLeastScorer {
    /// The rarest: all others together are too few.
    rare: Vec<Cursor>,
    others: Vec<Cursor>,
    enough: usize,
    doc: DocId,
}

impl Clone for AtLeast {
    fn clone(&self) -> Self {
        Self { parts: copies(&self.parts), enough: self.enough }
    }
}

impl Query for AtLeast {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AtLeastWeight { parts: weights(&self.parts, scoring)?, enough: self.enough }))
    }
}

impl Weight for AtLeastWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut parts = cursors(&self.parts, reader, boost)?;
        parts.sort_by_key(Cursor::cost);
        let enough = self.enough.max(1);
        let number = (parts.len() + 1).saturating_sub(enough);
        let others = parts.split_off(number);
        let mut scorer = AtLeastScorer { doc: 0, rare: parts, others, enough };
        scorer.find();
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain("enough of its parts", self, reader, doc)
    }
}

impl AtLeastScorer {
    /// Goes on to the first story with enough parts, from where the rare ones are.
    fn find(&mut self) {
        loop {
            self.doc = first(&self.rare);
            if self.doc == TERMINATED || self.has_enough() {
                return;
            }
            self.pass();
        }
    }

    fn has_enough(&mut self) -> bool {
        let doc = self.doc;
        let mut missing =
            self.enough.saturating_sub(self.rare.iter().filter(|part| part.doc() == doc).count());
        let mut left = self.others.len();
        for part in &mut self.others {
            if missing == 0 || missing > left {
                break;
            }
            left -= 1;
            missing -= usize::from(part.seek(doc) == doc);
        }
        missing == 0
    }

    /// Leaves the story behind.
    fn pass(&mut self) {
        let doc = self.doc;
        self.rare.iter_mut().filter(|part| part.doc() == doc).for_each(Cursor::advance);
    }
}

impl DocSet for AtLeastScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.pass();
            self.find();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            for part in &mut self.rare {
                part.seek(target);
            }
            self.find();
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.rare.iter().fold(0, |sum, part| sum.saturating_add(part.size_hint()))
    }

    fn cost(&self) -> u64 {
        self.rare.iter().map(Cursor::cost).sum()
    }
}

impl Scorer for AtLeastScorer {
    fn score(&mut self) -> Score {
        let doc = self.doc;
        let parts = self.rare.iter_mut().chain(&mut self.others);
        parts.map(|part| part.score_of(doc)).sum()
    }
}
