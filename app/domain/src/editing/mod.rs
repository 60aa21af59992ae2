//! The form as its author typed it, the working copy that stores it, and its history.

pub(crate) mod field_change;
pub(crate) mod form_hashes;
pub(crate) mod form_merge;
pub(crate) mod form_normal;
pub(crate) mod form_patch;
pub(crate) mod history;
pub(crate) mod items;
pub(crate) mod story_form;
pub(crate) mod working_copy;
