//! Requests to services of AWS without their SDKs: signed by the code that signs those of the AWS
//! SDK, with its credentials, and sent by the HTTP client of the site.

mod credentials;
mod error;
mod signer;

pub(crate) use credentials::CachedCredentials;
pub(crate) use error::SigningError;
pub(crate) use signer::{Service, Signer};
