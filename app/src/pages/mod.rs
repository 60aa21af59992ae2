//! The pages, each a function of what it shows.

mod account;
mod audit;
mod delete;
mod desk;
mod front;
mod kept;
mod latest;
mod page;
mod people;
mod problem;
mod saved;
mod story;
mod trash;

pub use account::{Account, AccountNotice, SessionLine, account};
pub use audit::{audit, audit_is_empty};
pub use delete::{DeleteForm, delete};
pub use desk::{Notice, Stories, desk};
pub use front::front;
pub use kept::kept;
pub use latest::{Listing, latest};
pub use page::{Page, Sharing, sign_in_href};
pub use people::{PersonLine, people};
pub use problem::{ErrorPage, problem};
pub use saved::saved;
pub use story::{Body, story};
pub use trash::trash;
