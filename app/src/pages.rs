//! Every page, under one name for the server. Each is a function of the data it shows.

pub use crate::member::{
    Account, AccountNotice, PersonRow, SessionRow, account, people, saved, saved_form,
};
pub use crate::newsroom::{
    DeleteForm, Notice, Stories, audit, audit_is_empty, delete, desk, trash,
};
pub use crate::page::{Page, Sharing};
pub use crate::reader::{Body, ErrorPage, Listing, error_page, front, latest, story};
