//! OIDC client of the user pool: authorization code flow with PKCE, refresh, revocation.

mod client;
mod config;
mod discovered;
mod endpoints;
mod error;
mod health;
mod http_client;
#[cfg(test)]
mod tests;
mod tokens;

pub(crate) use client::{GRANT, OidcClient, SCOPES};
pub(crate) use config::{OidcClientConfig, Provider};
pub(crate) use error::SignInError;
pub(crate) use health::SignInHealth;
pub(crate) use tokens::{Refreshed, TokenSet};
