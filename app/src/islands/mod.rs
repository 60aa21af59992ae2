//! The few parts of pages that run in the browser.

mod selection;

pub use selection::SelectionBar;
