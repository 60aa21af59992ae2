//! Pages for every reader.

mod acts;
mod byline;
mod corrections;
mod error_page;
mod front;
mod latest;
mod more;
mod removed;
mod site_pages;
mod story;
mod way_on;

pub use corrections::corrections;
pub use error_page::{ErrorPage, error_page, has_way_on};
pub use front::front;
pub use latest::{Listing, latest};
pub use more::MoreStories;
pub(crate) use story::article;
pub use site_pages::{PrivacyFacts, about, accessibility, privacy};
pub use story::{Body, StoryExtras, story};
