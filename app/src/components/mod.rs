//! The parts that pages share.

mod address;
mod card;
mod pager;
mod time;

pub use address::address;
pub use card::{Prominence, card};
pub use pager::pager;
pub use time::{long_form, time};
