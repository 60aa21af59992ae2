//! The form of the editor: its acts, and its answers as pages and JSON.

mod act;
mod answer;
mod check;
mod outcome;
mod page;
mod refusal;
mod sent;

pub(in crate::http) use self::page::{of_form, of_story, show};
pub(in crate::http) use self::sent::Sent;
