//! What is typed in the editor: the form, the working copy that keeps it, and its history.

pub(crate) mod field_change;
pub(crate) mod form_hashes;
pub(crate) mod form_merge;
pub(crate) mod form_normal;
pub(crate) mod form_patch;
pub(crate) mod history;
pub(crate) mod items;
pub(crate) mod story_form;
pub(crate) mod working_copy;
