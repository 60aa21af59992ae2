//! OIDC client of the user pool: authorization code flow with PKCE, refresh, revocation.

mod client;
mod config;
mod endpoints;
mod error;
mod http_client;
mod tokens;

pub(crate) use client::{GRANT, OidcClient, SCOPES};
pub(crate) use config::{OidcClientConfig, Provider};
pub(crate) use error::SignInError;
pub(crate) use tokens::TokenSet;
