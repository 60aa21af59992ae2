//! A query that gives a bonus to found stories that other queries find too.
//!
//! Tantivy's own query with optional parts reads and scores every story of those parts. Here they
//! are read only as far as the found stories need.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader};

use crate::search::parts::{Cursor, copies, cursors, explain, weights};

/// Finds the stories of one query; adds the scores of the others.
#[derive(Debug)]
pub(super) struct WithBonus {
    pub(super) found: Box<dyn Query>,
    pub(super) bonuses: Vec<Box<dyn Query>>,
}

struct WithBonusWeight {
    found: Box<dyn Weight>,
    bonuses: Vec<Box<dyn Weight>>,
}

struct WithBonusScorer {
    found: Box<dyn Scorer>,
    bonuses: Vec<Cursor>,
}

impl Clone for WithBonus {
    fn clone(&self) -> Self {
        Self { found: self.found.box_clone(), bonuses: copies(&self.bonuses) }
    }
}

impl Query for WithBonus {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let bonuses = weights(&self.bonuses, scoring)?;
        Ok(Box::new(WithBonusWeight { found: self.found.weight(scoring)?, bonuses }))
    }
}

impl Weight for WithBonusWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let found = self.found.scorer(reader, boost)?;
        if found.doc() == tantivy::TERMINATED {
            return Ok(found);
        }
        let bonuses = cursors(&self.bonuses, reader, boost)?;
        Ok(Box::new(WithBonusScorer { found, bonuses }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain("a score and its bonuses", self, reader, doc)
    }
}

impl DocSet for WithBonusScorer {
    fn advance(&mut self) -> DocId {
        self.found.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.found.seek(target)
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        self.found.seek_danger(target)
    }

    fn doc(&self) -> DocId {
        self.found.doc()
    }

    fn size_hint(&self) -> u32 {
        self.found.size_hint()
    }

    fn cost(&self) -> u64 {
        self.found.cost()
    }
}

impl Scorer for WithBonusScorer {
    fn score(&mut self) -> Score {
        let doc = self.found.doc();
        let bonuses: Score = self.bonuses.iter_mut().map(|bonus| bonus.score_of(doc)).sum();
        self.found.score() + bonuses
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, DisjunctionMaxQuery, Occur, TermQuery};
    use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TEXT};
    use tantivy::{DocAddress, Index, IndexWriter, Searcher, TantivyDocument, Term};

    use super::*;
    use crate::search::any_of::AnyOf;
    use crate::search::at_least::AtLeast;

    const STORIES: usize = 12_000;
    const WORDS: u32 = 40;
    const TIE: Score = 0.1;

    /// Returns the number of a word; the small ones are the frequent ones.
    fn word(random: &mut fastrand::Rng) -> u32 {
        let most = random.u32(0..WORDS);
        random.u32(0..=most)
    }

    fn index(random: &mut fastrand::Rng) -> (Searcher, Field) {
        let mut schema = Schema::builder();
        let text = schema.add_text_field("text", TEXT | STORED);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 20_000_000).unwrap();
        for number in 0..STORIES {
            let words: Vec<String> = (0..8).map(|_| format!("w{}", word(random))).collect();
            let mut story = TantivyDocument::default();
            story.add_text(text, words.join(" "));
            writer.add_document(story).unwrap();
            if number % 5_000 == 0 {
                writer.commit().unwrap();
            }
        }
        writer.delete_term(Term::from_field_text(text, "w39"));
        writer.commit().unwrap();
        (index.reader().unwrap().searcher(), text)
    }

    fn found(searcher: &Searcher, query: &dyn Query) -> BTreeMap<DocAddress, Score> {
        let all = TopDocs::with_limit(STORIES).order_by_score();
        let found = searcher.search(query, &all).unwrap();
        found.into_iter().map(|(score, address)| (address, score)).collect()
    }

    /// Compares what two queries find, and returns its number.
    fn same(searcher: &Searcher, ours: &dyn Query, theirs: &dyn Query) -> usize {
        let (ours, theirs) = (found(searcher, ours), found(searcher, theirs));
        assert_eq!(ours.len(), theirs.len());
        for (address, score) in &theirs {
            let difference = (ours[address] - score).abs();
            assert!(difference < 1e-4 * score, "{} and {score}", ours[address]);
        }
        ours.len()
    }

    #[test]
    fn finds_and_scores_like_the_queries_of_tantivy() {
        let mut random = fastrand::Rng::with_seed(3);
        let (searcher, text) = index(&mut random);
        let mut results = 0;
        for _ in 0..100 {
            let any = |random: &mut fastrand::Rng| -> Vec<Box<dyn Query>> {
                let words = (0..random.usize(1..5)).map(|_| format!("w{}", word(random)));
                let term = |word: String| -> Box<dyn Query> {
                    let term = Term::from_field_text(text, &word);
                    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
                };
                words.map(term).collect()
            };
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            let mut bonuses: Vec<Box<dyn Query>> = Vec::new();
            for is_bonus in [false, false, true, true] {
                let parts = any(&mut random);
                let same = parts.iter().map(|part| part.box_clone()).collect();
                let union = Box::new(DisjunctionMaxQuery::with_tie_breaker(same, TIE));
                let part = Box::new(AnyOf { parts, tie: TIE });
                if is_bonus {
                    theirs.push((Occur::Should, union as Box<dyn Query>));
                    bonuses.push(part);
                } else {
                    theirs.push((Occur::Must, union));
                    ours.push((Occur::Must, part as Box<dyn Query>));
                }
            }
            let ours = WithBonus { found: Box::new(BooleanQuery::new(ours)), bonuses };
            results += same(&searcher, &ours, &BooleanQuery::new(theirs));
            let parts: Vec<Box<dyn Query>> = (0..6).flat_map(|_| any(&mut random)).collect();
            let enough = random.usize(1..=parts.len());
            let theirs = parts.iter().map(|part| (Occur::Should, part.box_clone())).collect();
            let theirs = BooleanQuery::with_minimum_required_clauses(theirs, enough);
            results += same(&searcher, &AtLeast { parts, enough }, &theirs);
        }
        assert!(results > 10_000, "{results}");
    }
}
