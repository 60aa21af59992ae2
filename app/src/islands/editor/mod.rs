//! The island of the editor: saves by itself, shows the preview, helps with Markdown and pictures.
//!
//! `autosave`, `fields`, `format`, `lines` and `marks` are pure; the rest speaks to the browser.

mod autosave;
mod conflicts;
mod fields;
mod form;
mod format;
mod lines;
mod local_copy;
mod marks;
mod notices;
mod pictures;
mod preview;
mod replacement;
mod request;
mod save;
mod save_answer;
mod saver;
mod shortcuts;
mod status;
mod story_editor;
mod submit;
mod text_area;
mod toolbar;
mod upload;

pub use story_editor::StoryEditor;
