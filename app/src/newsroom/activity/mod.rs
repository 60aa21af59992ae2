//! The activity page: the audit log as sentences.

mod acts;
mod form;
mod line;
mod page;
mod verification;

pub use acts::{ACTS, act_of};
pub use form::ActivityForm;
pub use page::{Activity, activity};
