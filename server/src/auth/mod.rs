//! Signing in: the OIDC client, logins in progress, sessions and saved forms.

mod device;
mod hash_for_log;
mod oidc;
mod partitions;
mod pending_login;
mod saved_forms;
mod sealing;
mod secret;
mod session;

pub(crate) use device::device_name;
pub(crate) use hash_for_log::hash_for_log;
pub(crate) use oidc::{GRANT, OidcClient, OidcClientConfig, SCOPES, SignInError, SignInHealth};
pub(crate) use partitions::PARTITIONS;
pub(crate) use pending_login::{ClaimedLogin, PendingLogin, PendingLogins};
pub(crate) use saved_forms::{FormSender, SavedForm, SavedForms};
pub(crate) use secret::Secret;
pub(crate) use session::{
    EndReason, Flash, ListedSession, SessionError, SessionHash, SessionKeys, SessionList, Sessions,
    TableSessionStore, set_flash, take_flash,
};
