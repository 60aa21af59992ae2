//! Pages for every reader.

mod corrections;
mod error_page;
mod front;
mod latest;
mod removed;
mod search;
mod sharing;
mod story;

pub use corrections::corrections;
pub use error_page::{ErrorPage, error_page, story_denied};
pub use front::front;
pub use latest::{Listing, latest};
pub use search::{MarkedPart, SearchForm, SearchOutcome, SearchResult, SearchResults, search};
pub use story::{Body, story};
pub(crate) use story::{Within, article};
