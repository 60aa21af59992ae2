//! Interactive components that run in the browser.

mod selection;

pub use selection::{CHECKBOX_NAME, SelectionBar};
