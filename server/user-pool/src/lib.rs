//! An embedded user pool, compatible with Amazon Cognito, for use on one machine.
//!
//! It serves OpenID Connect discovery and keys, a hosted sign-in page, the OAuth endpoints
//! and part of Cognito's JSON API. It knows nothing about what users may do, and it does not
//! open a port.
//!
//! All state is in the [`gazette_table::Table`] that the pool is opened with, except for two
//! private keys, which are files, and the counts of failed sign-ins, which are in memory.

mod access_token;
mod api;
mod argon2id;
mod attributes;
mod challenge;
mod client;
mod clients;
mod config;
mod delivery;
mod directory;
mod error;
mod faults;
mod grants;
mod http;
mod key_ring;
mod keys;
mod lockout;
mod mfa_setting;
mod outbox;
mod partitions;
mod password;
mod password_proof;
mod pool;
mod recovery;
mod refresh;
mod registration;
mod resource_servers;
mod sample_users;
mod samples;
mod scope;
mod sealing;
mod secret;
mod settings;
mod srp;
mod token_claims;
mod token_issuer;
mod token_setup;
mod totp;
mod unknown_user;
mod user;
mod validation;

pub use client::{
    AppClient, AuthFlow, Lifetime, Lifetimes, MAX_AUTH_SESSION_MINUTES, OAuthGrant, TimeUnit,
};
pub use config::{AccessKey, MoveClock, PoolConfig};
pub use directory::{Directory, Ensured};
pub use error::{DirectoryError, InternalError, PoolError};
pub use key_ring::KeyFolder;
pub use partitions::PARTITIONS;
pub use pool::UserPool;
pub use scope::STANDARD_SCOPES;
pub use user::{NewUser, User};
