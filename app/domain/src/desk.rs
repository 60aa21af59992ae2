//! Reads and changes of the news.
//!
//! [`NewsDesk`] acts on behalf of a caller and asks the policy first. [`OperatorDesk`] acts on
//! behalf of the process: for the command line, the start and the background tasks.

mod audit_log;
mod audit_writer;
mod cache;
mod corrections;
mod create;
mod delete;
mod delete_all;
mod deletion;
mod erase;
mod first_start;
mod front;
mod group;
mod images;
mod import;
mod import_audit;
mod import_images;
mod imports;
mod labels;
mod list_index;
mod news_desk;
mod newsroom;
mod operator_desk;
mod public_feed;
mod publish;
mod read;
mod read_feed;
mod reading_list;
mod redirect_list;
mod redirect_lookup;
mod redirects;
mod rename_label;
mod revise;
mod sections;
mod story_change;
mod story_import;
mod story_list;
mod sync;
mod transitions;
mod trash;
mod undo;
mod unpublish;
mod write;

pub use corrections::{CorrectionPage, ListedCorrection, NewCorrection};
pub use delete::Selection;
pub use front::FrontStories;
pub use import::{BodyRule, Imported, NewsImport};
pub use import_audit::AuditImport;
pub use imports::{ImportNumber, ImportRecord};
pub use news_desk::NewsDesk;
pub use newsroom::Ports;
pub use operator_desk::OperatorDesk;
pub use publish::Published;
pub use read::{Lookup, Unpublished};
pub use read_feed::LabelLookup;
pub use redirect_list::{ListedRedirect, RedirectPage};
pub use redirects::AddedRedirect;
pub use rename_label::{LabelPage, RenamedLabel};
pub use story_import::{ImportStory, OldPaths, StoryImport, StoryOutcome};
pub use undo::{UndoError, Undone};
