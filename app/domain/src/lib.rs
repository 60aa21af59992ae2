//! Stories, callers, permissions and the audit log.
//!
//! Has no framework and does no I/O: the table, the clock and the source of ids are ports, so the
//! same code runs on the server and in the browser.

mod action;
mod audit;
mod caller;
mod characters;
mod desk;
mod error;
mod feed;
mod field_errors;
mod idempotency_key;
mod layout;
mod policy;
mod records;
mod required_scope;
mod routes;
mod slug;
mod stored_story;
mod story;
mod story_input;
mod story_patch;

pub use action::{Action, Role};
pub use audit::{Actor, AuditAction, AuditDay, AuditEvent, AuditRecord, SystemTask};
pub use caller::{Caller, Identity, TokenUse, VerifiedClaims};
pub use desk::{
    AuditImport, BodyRule, ImportNumber, ImportRecord, ImportStory, Imported, Lookup, NewsDesk,
    NewsImport, OperatorDesk, Ports, Published, Selection, StoryImport, StoryOutcome, UndoError,
    Undone, Unpublished,
};
pub use error::DeskError;
pub use feed::{
    Cursor, CursorError, Feed, Limit, LimitError, ListQuery, Month, MonthError, StoryPage,
};
pub use field_errors::FieldError;
pub use idempotency_key::{IdempotencyKey, IdempotencyKeyError};
pub use layout::PARTITIONS;
pub use policy::{AccessError, Policy, Reason};
pub use required_scope::{RequiredScope, RequiredScopeError, is_scope_byte};
pub use routes::{Area, Endpoint, Method, ROUTES, Route, SIGN_IN_PREFIX};
pub use slug::{Slug, SlugError};
pub use story::{
    Image, JobId, Label, Origin, Status, Story, StoryId, StoryIdError, Teaser, TrashEntry, Trashed,
};
pub use story_input::StoryInput;
pub use story_patch::{PatchError, StoryPatch};
