//! Signing in: the OIDC client, logins that are under way, and sessions.

mod oidc;
mod pending_login;
mod secret;
mod session;
mod session_store;

pub use oidc::{OidcClient, OidcClientConfig, SignInError};
pub use pending_login::{PendingLogin, PendingLogins};
pub use secret::Secret;
pub use session::SignedIn;
pub use session_store::TableSessionStore;
