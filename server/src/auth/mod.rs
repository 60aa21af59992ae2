//! Signing in: the OIDC client, logins that are under way, and sessions.

mod oidc;
mod pending_login;
mod secret;
mod session;
mod session_store;

pub(crate) use oidc::{OidcClient, OidcClientConfig, SignInError};
pub(crate) use pending_login::{PendingLogin, PendingLogins};
pub(crate) use secret::Secret;
pub(crate) use session::{SignedIn, Word};
pub(crate) use session_store::TableSessionStore;
