//! Stories, callers, permissions and the audit log.
//!
//! Has no framework and does no I/O: the table, the clock and the source of ids are ports, so the
//! same code runs on the server and in the browser.

mod action;
mod audit;
mod audit_action;
mod audit_filter;
mod audit_lines;
mod caller;
mod characters;
mod correction;
mod desk;
mod editing;
mod entries;
mod error;
mod feed;
mod feed_format;
mod field_errors;
mod idempotency_key;
mod image_items;
mod image_name;
mod image_record;
mod label;
mod language;
mod layout;
mod local_time;
mod month;
mod old_address;
mod percent_encoding;
mod policy;
mod reading_time;
mod records;
mod redirect;
mod redirect_error;
mod redirect_items;
mod removal;
mod required_scope;
mod role_names;
mod routes;
mod slug;
mod sortable_time;
mod stored_story;
mod story;
mod story_denial;
mod story_id;
mod story_input;
mod story_list;
mod story_patch;
mod story_patch_json;
mod story_times;
mod story_writes;
mod system_task;

pub use action::{Action, Role};
pub use audit::{Actor, AuditAction, AuditEvent, AuditRecord, SystemTask};
pub use audit_filter::{AuditFilter, AuditPosition, AuditPositionError, AuditedStory};
pub use audit_lines::{AuditLine, fold_audit};
pub use caller::{Caller, Identity, TokenUse, VerifiedClaims};
pub use correction::MAX_CORRECTIONS;
pub use desk::{
    AccessChange, AddedRedirect, AuditImport, AuditPage, BegunJob, BodyRule, CheckedDay,
    CorrectionPage, EditedStory, Erasure, FormAct, FrontStories, ImportNumber, ImportRecord,
    ImportStory, Imported, JobProgress, LabelLookup, LabelPage, ListedCorrection, ListedRedirect,
    LogPosition, LogScope, Lookup, MonthSummary, NewCorrection, NewsDesk, NewsImport, OldPaths,
    OperatorDesk, Ports, Published, RedirectPage, RenamedLabel, SaveRequest, Saved, SectionCount,
    Selection, StoryChanges, StoryImport, StoryOutcome, TrashBatch, TrashPage, TrashSummary,
    UndoError, Undone,
};
pub use editing::history::{HistoryEntry, HistoryKind};
pub use editing::story_form::StoryForm;
pub use editing::working_copy::{EditEntry, Opened, Person, ReviewNote};
pub use entries::{ListEntry, TrashEntry};
pub use error::{DeskError, EditConflict};
pub use feed::{Cursor, CursorError, Feed, Limit, LimitError, ListQuery, StoryPage};
pub use feed_format::FeedFormat;
pub use field_errors::{FieldError, check_image_texts};
pub use idempotency_key::{IdempotencyKey, IdempotencyKeyError};
pub use image_name::{ImageFormat, ImageId, ImageName, ImageNameError};
pub use image_record::{ImageList, ImageRecord, ImageUse, ListedImage, NewImage};
pub use label::{Label, LabelKind, LabelKindError};
pub use language::{Direction, Language, LanguageChange, LanguageError};
pub use layout::{PARTITIONS, current_story};
pub use local_time::readable_value;
pub use month::{Month, MonthError};
pub use old_address::OldAddress;
pub use percent_encoding::{push_percent_encoded, readable_url};
pub use policy::{AccessError, Policy, Reason};
pub use reading_time::{count_words, is_unspaced, reading_minutes};
pub use redirect::{Redirect, RedirectAnswer, RedirectOrigin, RedirectTarget};
pub use redirect_error::RedirectError;
pub use removal::{Removal, RemovalReason, RemovalReasonError, Removed};
pub use required_scope::{RequiredScope, RequiredScopeError, is_scope_byte};
pub use role_names::role_names;
pub use routes::{Area, Endpoint, Method, ROUTES, Route, SIGN_IN_PREFIX};
pub use slug::{Slug, SlugError};
pub use story::{
    Correction, Image, JobId, Origin, Status, Story, StoryId, StoryIdError, TRASH_SECONDS, Teaser,
    Trashed,
};
pub use story_denial::{StoryDenial, StoryDeniedError};
pub use story_input::{DEFAULT_AUTHOR, DEFAULT_SECTION, MAX_AUTHORS, MAX_TAGS, StoryInput};
pub use story_list::{
    MAX_SEARCH_LENGTH, STORIES_PER_PAGE, StoryCounts, StoryFilter, StoryList, StoryListError,
    StoryListQuery, StoryRow, StorySort, StoryState,
};
pub use story_patch::{ImagePatch, StoryPatch, TimePatch};
pub use story_patch_json::PatchError;
