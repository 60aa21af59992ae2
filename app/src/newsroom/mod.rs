//! Pages for editors and admins.

mod activity;
mod confirmation;
mod corrections;
mod delete;
mod deletion;
mod desk;
mod editor;
mod erase;
mod images;
mod imports;
mod labels;
mod notice;
mod number;
mod people;
mod redirects;
mod status;
mod story_table;
mod trash;

pub use activity::{ACTS, Activity, ActivityForm, act_of, activity};
pub use corrections::{ASK, CHANGE, CorrectionForm, confirm_correction, story_corrections};
pub use delete::{DeleteForm, ToDelete, delete};
pub use deletion::{deletion_progress, deletion_result};
pub use desk::{
    BulkAction, BulkOutcome, ListNotice, Notices, RefusedStory, Stories, UndoStory, desk, list_href,
};
pub use editor::{
    Change, ChangeKind, Conflict, ConflictField, Editor, EditorNotice, FieldChanges, History,
    Stage, editor, history,
};
pub use erase::{empty_trash, erase, erasure_progress, erasure_result};
pub use images::{UploadFields, images};
pub use imports::imports;
pub use labels::{ASK_TO_MERGE, RefusedName, confirm_merge, labels};
pub use notice::Notice;
pub use people::{
    AccessLoss, InviteForm, Invited, People, PeopleNotice, Person, PersonRow, PoolProblem,
    TokenGroups, confirm_access_loss, confirm_disable, invited, people, person,
};
pub use redirects::{RedirectForm, Redirects, redirects};
pub use status::{
    Percentiles, Status, StatusHistory, StatusNumbers, StatusRange, StatusSlot, status,
};
pub use trash::{Trash, trash};
