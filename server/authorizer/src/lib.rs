//! Verifies Cognito's tokens (RS256 only) and turns a valid one into a
//! [`gazette_domain::Identity`].
//!
//! It contains the rules for tokens and the cache of the pool's signing keys. The policy of
//! `gazette-domain` decides what an identity may do, and the server writes the responses to
//! clients.

mod address;
mod authorization;
mod authorizer;
mod causes;
mod check;
mod client_role;
mod compact;
mod config;
mod discovery;
mod document;
mod header;
mod id_token;
mod identity;
mod json_value;
mod key_document;
mod key_set;
mod key_source;
mod key_source_options;
mod rules;
mod signature;
mod strict_json;
#[cfg(test)]
mod tests;
mod token_error;
mod verified_tokens;

pub use address::{is_loopback, origin};
pub use authorization::bearer_token;
pub use authorizer::Authorizer;
pub use causes::causes;
pub use check::{Check, Step};
pub use client_role::{ClientRole, ClientRoleError};
pub use config::{AuthorizerConfig, ConfigError, MAX_CLOCK_SKEW_SECONDS};
pub use discovery::{Discovery, DiscoveryError, discover};
pub use document::DocumentError;
pub use id_token::IdTokenExpectations;
pub use identity::{SessionClaims, restore};
pub use key_set::{Key, KeyError, KeySet};
pub use key_source::KeySource;
pub use key_source_options::KeySourceOptions;
pub use token_error::TokenError;
