//! The parts that pages share.

mod address;
mod card;
mod pager;
mod reason_code;
mod time;

pub use address::address;
pub use card::{Prominence, card};
pub use pager::pager;
pub use reason_code::reason_code;
pub use time::{long_form, time};
