//! Says who somebody is: verifies Cognito's tokens (RS256, nothing else) and turns a
//! good one into a [`gazette_domain::Identity`].
//!
//! Here live the rules for tokens and the source of the pool's signing keys. What an
//! identity may do is the policy's business, and what a token_error looks like on the wire is
//! the server's.

mod address;
mod authorization;
mod authorizer;
mod check;
mod claims;
mod compact;
mod config;
mod discovery;
mod document;
mod header;
mod id_token;
mod identity;
mod key_source;
mod keys;
mod signature;
mod strict_json;
#[cfg(test)]
mod tests;
mod token_error;
mod verified_tokens;

pub use authorization::bearer_token;
pub use authorizer::Authorizer;
pub use check::{Check, Step};
pub use config::{AuthorizerConfig, ConfigError, MAX_CLOCK_SKEW_SECONDS};
pub use discovery::{Discovery, DiscoveryError, discover};
pub use document::DocumentError;
pub use id_token::IdTokenExpectations;
pub use identity::{SessionClaims, restore};
pub use key_source::{KeySource, KeySourceOptions};
pub use keys::{Key, KeyError, KeySet};
pub use token_error::TokenError;
