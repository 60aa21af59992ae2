//! Components that several pages share.

mod links;
mod pager;
mod reason_code;
mod teaser;
mod time;

pub use links::{sign_in_href, with_query};
pub use pager::{PageLink, page_links, pager};
pub use reason_code::reason_code;
pub use teaser::{Prominence, teaser};
pub use time::{long_form, time};
