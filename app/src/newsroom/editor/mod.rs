//! The editor: one form that works without scripts, and that an island enhances.
//!
//! The island finds its parts by these ids: `editor-form`, the fields by their names, `version`,
//! `tab`, `sequence`, `key`, `save-state`, `stage`, `changes`, `opened-by`, `words`, `minutes`,
//! `preview-story`, `file`, `picture-choices`.

mod bar;
mod conflict;
mod difference;
mod fields;
mod history;
mod language_names;
mod messages;
mod model;
mod notice;
mod page;
mod picture;
mod settings;
mod text;
mod toolbar;

pub use difference::{Change, ChangeKind, FieldChanges};
pub use history::{History, history};
pub use model::{Conflict, ConflictField, Editor, Stage};
pub use notice::EditorNotice;
pub use page::editor;
