//! Administration of the user pool's users, over the JSON API of Cognito's identity provider.
//!
//! One client serves both pools. The embedded pool is called over loopback with its
//! administrator's key, so that every test of it is one of the requests that Cognito gets.

mod client;
mod error;
mod groups;
mod invite;
mod key;
mod operation;
mod users;

pub(crate) use client::PoolAdmin;
pub(crate) use error::PoolAdminError;
pub(crate) use invite::{Invitation, Invited, TemporaryPassword};
pub(crate) use key::administrator_key;
pub(crate) use operation::Operation;
pub(crate) use users::{PoolUser, UserPage, UserSearch};
