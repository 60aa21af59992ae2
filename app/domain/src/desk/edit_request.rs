//! Request of the editor.

use crate::editing::story_form::StoryForm;

/// Request of the editor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaveRequest {
    /// Version of the form that the author started from.
    pub version: u64,
    /// The form, as typed.
    pub form: StoryForm,
    /// Excerpt of the text, for a story that is published without a summary.
    pub excerpt: Option<String>,
    /// Name of the open page, which is never in conflict with itself. Each time that a page is
    /// loaded it needs a new name: a reloaded page does not know what was on its way before. Two
    /// windows without a name are two authors.
    pub tab: Option<String>,
    /// Number of the save within its page: one that arrives after a later one is ignored.
    pub sequence: u64,
    /// `true` if nobody asked for it: only the working copy is changed.
    pub is_autosave: bool,
}
