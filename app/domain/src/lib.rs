//! What a newsroom is. No framework and no I/O: the table, the clock and the
//! source of ids are ports, so the same code runs on the server and in the browser.

mod article;
mod audit;
mod caller;
mod desk;
mod draft;
mod edit;
mod error;
mod feed;
mod policy;
mod records;
mod required_scope;
mod slug;

pub use article::{
    Article, ArticleId, Card, Image, JobId, Label, NotAnId, Status, TrashEntry, Trashed,
};
pub use audit::{Actor, AuditDay, AuditEntry, Deed, Line};
pub use caller::{Caller, Identity, TokenUse, VerifiedClaims};
pub use desk::{Lookup, NewsDesk, Ports, Published, Selection, TakenIn, Unpublished};
pub use draft::{Draft, FieldFault};
pub use edit::{Edit, IdempotencyKey, NotAKey};
pub use error::DeskError;
pub use feed::{BadCursor, BadLimit, Cursor, Feed, Limit, ListQuery, Month, NewsPage, NotAMonth};
pub use policy::{Action, Denial, Policy, Reason, Role};
pub use required_scope::{RequiredScope, RequiredScopeError, is_scope_byte};
pub use slug::{NotASlug, Slug};
