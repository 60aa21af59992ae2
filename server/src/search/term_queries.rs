//! Queries for words and phrases in a field of the index.

use tantivy::Term;
use tantivy::query::{BoostQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::search::any_of::AnyOf;
use crate::search::sought::{Form, Sought};

/// Weight of a form relative to those of the others: a story that has several is slightly better.
const TIE: f32 = 0.1;

/// Returns the query for any of the forms of a word; `None` without one.
pub(super) fn any_form(field: Field, forms: &[Form]) -> Option<Box<dyn Query>> {
    let mut queries: Vec<_> =
        forms.iter().map(|(term, weight)| form_query(field, term, *weight)).collect();
    match queries.len() {
        0 | 1 => queries.pop(),
        _ => Some(Box::new(AnyOf { parts: queries, tie: TIE })),
    }
}

fn form_query(field: Field, term: &str, weight: f32) -> Box<dyn Query> {
    let term = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs);
    Box::new(BoostQuery::new(Box::new(term), weight))
}

/// Returns the query for terms beside each other; `None` without one.
pub(super) fn phrase(field: Field, terms: &[String]) -> Option<Box<dyn Query>> {
    let mut terms: Vec<Term> =
        terms.iter().map(|term| Term::from_field_text(field, term)).collect();
    if terms.len() > 1 {
        return Some(Box::new(PhraseQuery::new(terms)));
    }
    let term = TermQuery::new(terms.pop()?, IndexRecordOption::WithFreqs);
    Some(Box::new(term))
}

/// Returns the query for all typed words beside each other; `None` for fewer than two.
pub(super) fn headline_phrase(sought: &[Sought], headline: Field) -> Option<Box<dyn Query>> {
    let terms: Vec<String> = sought
        .iter()
        .flat_map(|sought| match sought {
            Sought::Word(forms) => {
                forms.first().map(|(term, _)| term.clone()).into_iter().collect()
            }
            Sought::Phrase(terms) => terms.clone(),
        })
        .collect();
    if terms.len() < 2 { None } else { phrase(headline, &terms) }
}
