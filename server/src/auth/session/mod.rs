//! Sessions: their records, renewal, end and lists.

mod backend;
mod begin;
mod cache;
mod end;
mod end_reason;
mod error;
mod expiry;
mod flash;
mod hash;
mod keys;
mod list;
mod record;
mod renewal;
mod sessions;
mod signed_in;
mod stale;
mod store;
mod verify;

pub(crate) use end_reason::EndReason;
pub(crate) use error::SessionError;
pub(crate) use flash::{Flash, set_flash, take_flash};
pub(crate) use hash::SessionHash;
pub(crate) use keys::SessionKeys;
pub(crate) use list::{ListedSession, SessionList};
pub(crate) use sessions::Sessions;
pub(crate) use store::TableSessionStore;
