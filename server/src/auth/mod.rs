//! Signing in: the OIDC client, logins that are under way, and sessions.

mod device;
mod kept_forms;
mod oidc;
mod pending_login;
mod refresh;
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
pub(crate) use kept_forms::{KeptForm, KeptForms, Sender};
pub(crate) use oidc::{OidcClient, OidcClientConfig, SignInError};
pub(crate) use pending_login::{PendingLogin, PendingLogins};
pub(crate) use secret::Secret;
pub(crate) use session::{AccountWord, DeskWord, leave_word, take_word};
pub(crate) use session_keys::SessionKeys;
pub(crate) use session_lists::{Listed, Listing, People};
pub(crate) use session_records::SessionName;
pub(crate) use session_store::TableSessionStore;
pub(crate) use sessions::{SessionError, Sessions};
