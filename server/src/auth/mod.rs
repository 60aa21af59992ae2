//! Signing in: the OIDC client, logins that are under way, and sessions.

mod device;
mod oidc;
mod partitions;
mod pending_login;
mod refresh;
mod saved_forms;
mod secret;
mod session;
mod session_cache;
mod session_ends;
mod session_keys;
mod session_lists;
mod session_records;
mod session_store;
mod sessions;

pub(crate) use device::device;
pub(crate) use oidc::{OidcClient, OidcClientConfig, SignInError};
pub(crate) use partitions::PARTITIONS;
pub(crate) use pending_login::{PendingLogin, PendingLogins};
pub(crate) use saved_forms::{SavedForm, SavedForms, Sender};
pub(crate) use secret::Secret;
pub(crate) use session::{AccountFlash, DeskFlash, set_flash, take_flash};
pub(crate) use session_keys::SessionKeys;
pub(crate) use session_lists::{Listed, Listing, People};
pub(crate) use session_records::SessionName;
pub(crate) use session_store::TableSessionStore;
pub(crate) use sessions::{SessionError, Sessions};
