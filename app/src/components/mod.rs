//! Components that several pages share.

mod kept_copies;
mod language;
mod links;
mod list_tools;
mod pager;
mod picture;
mod reason_code;
mod safe_textarea;
mod teaser;
mod time;

pub use kept_copies::kept_copies;
pub use language::TextLanguage;
pub use links::{section_links, sign_in_and_save_href, sign_in_href, with_query};
pub use list_tools::list_tools;
pub use pager::{PageLink, page_links, pager};
pub use picture::{Sources, sources};
pub use reason_code::reason_code;
pub use safe_textarea::SafeTextarea;
pub use teaser::{Prominence, single_teaser, teasers};
pub use time::{date, datetime, day_and_time, day_of, full_time, long_form, time, time_left};
