//! Search of the stories that readers can see. Knows no HTTP.
//!
//! The index is a copy of the stories on disk, which follows the audit log. It says which stories
//! match; their texts are read through the desk, which decides what readers see.

mod any_of;
mod at_least;
mod document;
mod error;
mod expand;
mod find;
mod folder;
mod index;
mod keep;
mod parts;
mod plain_text;
mod query;
mod query_text;
mod ranked;
mod schema;
mod service;
mod snippet;
mod sought;
mod stems;
mod term_queries;
mod with_bonus;
mod word_list;
mod words;

#[cfg(test)]
mod known_items;
#[cfg(test)]
mod tests;

pub(crate) use error::SearchError;
pub(crate) use find::{Found, MAX_PAGE, RESULTS_PER_PAGE, SearchQuery};
pub(crate) use query::Leniency;
pub(crate) use query_text::MAX_QUERY;
pub(crate) use service::Search;
pub(crate) use snippet::TextPart;
