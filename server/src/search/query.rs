//! The query of the index for what a reader typed.

use std::collections::{BTreeMap, BTreeSet};

use gazette_domain::Slug;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::search::at_least::AtLeast;
use crate::search::expand::{begun_with, similar_to};
use crate::search::query_text::{Wanted, WantedWord};
use crate::search::schema::Fields;
use crate::search::sought::{Form, Sought};
use crate::search::stems::{STEM, Stems, is_stem};
use crate::search::term_queries::{any_form, headline_phrase, phrase};
use crate::search::with_bonus::WithBonus;

/// Weights of the forms of a word, compared with the word as it was typed.
const STEM_WEIGHT: f32 = 0.7;
const PART_WEIGHT: f32 = 0.8;
const PREFIX_WEIGHT: f32 = 0.4;
const SIMILAR_WEIGHT: f32 = 0.3;
/// Score of a word that the text contains in the same form.
const TYPED_WEIGHT: f32 = 0.4;
/// Stories from which on a word is taken for a whole one, and not for the beginning of others.
const WHOLE: u64 = 1_000;
/// Additional score of a word in the headline or in a name.
const HEADLINE_WEIGHT: f32 = 2.0;
const NAME_WEIGHT: f32 = 1.0;
/// Additional score of words that are next to each other in the headline.
const HEADLINE_PHRASE_WEIGHT: f32 = 2.0;
/// Letters of a word in which an error is looked for.
const MIN_SIMILAR: usize = 4;
/// Stories with a word that may be a typing error.
const RARE: u64 = 3;
/// Words in which an error is looked for if none is that rare.
const MAX_DOUBTED: usize = 2;
/// A word is common if more than one of this many stories has it.
const COMMON: u64 = 2;

/// Which stories are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Leniency {
    /// Those with every word.
    #[default]
    All,
    /// Those with every word, or one that differs by a typing error.
    Similar,
    /// Those with at least half of the words.
    Some,
}

/// Makes queries for the current state of the index.
pub(super) struct Queries<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) fields: &'a Fields,
    /// Stems of the languages in the index.
    pub(super) stems: &'a [Stems],
}

impl Queries<'_> {
    /// Finds the forms of what is wanted.
    pub(super) fn forms(
        &self,
        wanted: &[Wanted],
        leniency: Leniency,
    ) -> tantivy::Result<Vec<Sought>> {
        let doubted = match leniency {
            Leniency::All => u64::MAX,
            Leniency::Similar | Leniency::Some => self.lowest_doubted(wanted)?,
        };
        let sought = wanted.iter().map(|wanted| match wanted {
            Wanted::Phrase(terms) => Ok(Sought::Phrase(terms.clone())),
            Wanted::Word(word) => {
                let has_error = leniency != Leniency::All && self.uses(word)? <= doubted;
                Ok(Sought::Word(self.forms_of(word, has_error)?))
            }
        });
        sought.collect()
    }

    /// Returns the number of stories up to which a word is taken for one with a typing error: such
    /// words are rare, and each costs a walk through the dictionary.
    fn lowest_doubted(&self, wanted: &[Wanted]) -> tantivy::Result<u64> {
        let words = wanted.iter().filter_map(|wanted| match wanted {
            Wanted::Word(word) => Some(self.uses(word)),
            Wanted::Phrase(_) => None,
        });
        let mut uses = words.collect::<tantivy::Result<Vec<u64>>>()?;
        uses.sort_unstable();
        let last = uses.get(MAX_DOUBTED - 1).or(uses.last()).copied().unwrap_or_default();
        Ok(if uses.first().is_some_and(|uses| *uses <= RARE) { RARE } else { last })
    }

    /// Returns the number of stories with a word that can have an error.
    fn uses(&self, word: &WantedWord) -> tantivy::Result<u64> {
        if word.folded.chars().count() < MIN_SIMILAR {
            return Ok(u64::MAX);
        }
        self.uses_of(&word.folded)
    }

    /// Returns the number of stories with a term.
    fn uses_of(&self, term: &str) -> tantivy::Result<u64> {
        self.searcher.doc_freq(&Term::from_field_text(self.fields.text, term))
    }

    fn forms_of(&self, word: &WantedWord, has_error: bool) -> tantivy::Result<Vec<Form>> {
        let mut forms: BTreeMap<String, f32> = BTreeMap::new();
        let mut add = |term: String, weight: f32| {
            if term != word.folded {
                let known = forms.entry(term).or_default();
                *known = known.max(weight);
            }
        };
        for stems in self.stems {
            if let Some(stem) = stems.of_lower(&word.lower) {
                add(stem, STEM_WEIGHT);
            }
        }
        if let Some(part) = &word.part {
            add(part.clone(), PART_WEIGHT);
        }
        if word.is_prefix && self.uses_of(&word.folded)? < WHOLE {
            for longer in begun_with(self.searcher, self.fields.text, &word.folded)? {
                add(longer, PREFIX_WEIGHT);
            }
        }
        if has_error && word.folded.chars().count() >= MIN_SIMILAR {
            for (similar, weight) in self.similar_forms(word)? {
                add(similar, weight);
            }
        }
        Ok(std::iter::once((word.folded.clone(), 1.0)).chain(forms).collect())
    }

    /// Finds the words and the stems that differ from a word and its stems by an error.
    fn similar_forms(&self, word: &WantedWord) -> tantivy::Result<Vec<Form>> {
        let mut forms = Vec::new();
        let stems = self.stems.iter().filter_map(|stems| stems.of_lower(&word.lower));
        let stems: BTreeSet<String> = stems.collect();
        for term in stems.iter().chain([&word.folded]) {
            let is_long = term.trim_start_matches(STEM).chars().count() >= MIN_SIMILAR;
            let is_of_stem = is_stem(term);
            let weight = if is_of_stem { SIMILAR_WEIGHT * STEM_WEIGHT } else { SIMILAR_WEIGHT };
            if is_long {
                let similar = similar_to(self.searcher, self.fields.text, term)?;
                forms.extend(similar.into_iter().map(|similar| (similar, weight)));
            }
        }
        Ok(forms)
    }

    /// Makes the query. Without words it finds all stories.
    pub(super) fn query(
        &self,
        sought: &[Sought],
        section: Option<&Slug>,
        leniency: Leniency,
    ) -> tantivy::Result<Box<dyn Query>> {
        let fields = self.fields;
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        let words = sought.iter().filter_map(|sought| self.text_query(sought));
        if leniency == Leniency::Some {
            let parts: Vec<_> = words.collect();
            let enough = parts.len().div_ceil(2);
            clauses.push((Occur::Must, Box::new(AtLeast { parts, enough })));
        } else {
            clauses.extend(words.map(|word| (Occur::Must, word)));
        }
        if clauses.is_empty() {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        if let Some(section) = section {
            let term = Term::from_field_text(fields.section, section.as_str());
            let section = TermQuery::new(term, IndexRecordOption::Basic);
            clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(section), 0.0))));
        }
        let found = Box::new(BooleanQuery::new(clauses));
        Ok(Box::new(WithBonus { found, bonuses: self.bonuses(sought)? }))
    }

    /// Returns the queries whose matches make a found story better.
    fn bonuses(&self, sought: &[Sought]) -> tantivy::Result<Vec<Box<dyn Query>>> {
        let Fields { text, headline, names, .. } = *self.fields;
        let mut bonuses: Vec<Box<dyn Query>> = Vec::new();
        let mut add = |query: Option<Box<dyn Query>>, weight: f32| {
            let bonus = query.map(|query| BoostQuery::new(query, weight));
            bonuses.extend(bonus.map(|bonus| Box::new(bonus) as Box<dyn Query>));
        };
        for sought in sought {
            match sought {
                Sought::Phrase(terms) => {
                    add(phrase(headline, terms), HEADLINE_WEIGHT);
                    add(phrase(names, terms), NAME_WEIGHT);
                }
                Sought::Word(forms) => {
                    let typed = forms.get(..1).unwrap_or_default();
                    add(any_form(text, &self.distinctive(text, typed)?), TYPED_WEIGHT);
                    add(any_form(headline, &self.distinctive(headline, forms)?), HEADLINE_WEIGHT);
                    add(any_form(names, &self.distinctive(names, forms)?), NAME_WEIGHT);
                }
            }
        }
        add(headline_phrase(sought, headline), HEADLINE_PHRASE_WEIGHT);
        Ok(bonuses)
    }

    /// Returns the forms without those in more than half of many stories: they would hardly change
    /// the order, and take the most time.
    fn distinctive(&self, field: Field, forms: &[Form]) -> tantivy::Result<Vec<Form>> {
        let stories = self.searcher.num_docs();
        let mut distinctive = Vec::new();
        for (term, weight) in forms {
            let uses = self.searcher.doc_freq(&Term::from_field_text(field, term))?;
            let is_common = uses >= WHOLE && uses * COMMON > stories;
            if uses > 0 && !is_common {
                distinctive.push((term.clone(), *weight));
            }
        }
        Ok(distinctive)
    }

    /// Checks whether every story with a word has one of the stems among its forms.
    fn has_stem(&self, forms: &[Form]) -> bool {
        forms.iter().any(|(term, _)| is_stem(term)) && self.stems.iter().all(|stems| stems.exist())
    }

    /// Returns the query that finds a word or a phrase anywhere.
    fn text_query(&self, sought: &Sought) -> Option<Box<dyn Query>> {
        let text = self.fields.text;
        match sought {
            Sought::Phrase(terms) => phrase(text, terms),
            Sought::Word(forms) => match forms.as_slice() {
                // Its stem is in every story that has the word, and one term is found much faster.
                [_, others @ ..] if self.has_stem(others) => any_form(text, others),
                forms => any_form(text, forms),
            },
        }
    }
}
