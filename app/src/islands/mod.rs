//! Interactive components that run in the browser.

mod dom;
mod editor;
pub mod editor_form;
mod selection;

pub use editor::StoryEditor;
pub use selection::{CHECKBOX_NAME, SelectionBar};
