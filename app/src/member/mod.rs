//! Pages for people who are signed in: account, sessions, saved stories and saved forms.

mod account;
mod notice;
mod permissions;
mod saved;
mod saved_form;
mod sessions;

pub use account::{Account, account};
pub(crate) use notice::reading_list_notice;
pub use notice::{AccountNotice, ReadingListNotice};
pub(crate) use permissions::{decision_table, yes_or_no};
pub use saved::saved;
pub use saved_form::{
    Names, OfferedForm, SavedFields, Subjects, is_editor, refused_form, saved_form, subjects,
};
pub use sessions::SessionRow;
