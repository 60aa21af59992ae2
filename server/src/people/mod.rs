//! People: what the user pool and the site know about them, and changes of their access.

mod error;
mod invite;
mod list;
mod log;
mod person;
mod role;
mod service;
mod status;

pub(crate) use error::PeopleError;
pub(crate) use invite::InvitedPerson;
pub(crate) use list::{ListedPerson, PeopleSearch};
pub(crate) use person::PersonDetails;
pub(crate) use role::RoleChange;
pub(crate) use service::People;
pub(crate) use status::SignedOut;
