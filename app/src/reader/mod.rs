//! Pages for every reader.

mod acts;
mod api_docs;
mod archive;
mod byline;
mod corrections;
mod error_page;
mod front;
mod latest;
mod list_rail;
mod listing;
mod more;
mod removed;
mod search;
mod search_form;
mod sharing;
mod site_pages;
mod story;
mod suggestions;

pub use api_docs::{ApiGroup, ApiOperation, api_docs};
pub use archive::{ArchiveMonth, archive, archive_month};
pub use corrections::corrections;
pub use error_page::{ErrorPage, SignInFailure, error_page, has_suggestions, story_denied};
pub use front::front;
pub use latest::latest;
pub use listing::Listing;
pub use more::MoreStories;
pub use search::{MarkedPart, SearchOutcome, SearchResult, SearchResults, search};
pub use search_form::SearchForm;
pub use site_pages::{PrivacyFacts, about, accessibility, privacy};
pub use story::{Body, StoryExtras, story};
pub(crate) use story::{Within, article};
