//! Pages for every reader.

mod corrections;
mod error_page;
mod front;
mod latest;
mod removed;
mod sharing;
mod story;

pub use corrections::corrections;
pub use error_page::{ErrorPage, error_page};
pub use front::front;
pub use latest::{Listing, latest};
pub(crate) use story::article;
pub use story::{Body, story};
