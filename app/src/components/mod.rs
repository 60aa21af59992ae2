//! The parts that pages share.

mod address;
mod pager;
mod reason_code;
mod teaser;
mod time;

pub use address::address;
pub use pager::pager;
pub use reason_code::reason_code;
pub use teaser::{Prominence, teaser};
pub use time::{long_form, time};
