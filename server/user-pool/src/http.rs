//! The pool as HTTP: one file per endpoint, and what they share.

mod admin_api;
mod authorization_request;
mod authorize;
mod clock;
mod cookies;
mod discovery;
mod headers;
mod initiate_auth;
mod json_api;
mod login;
mod logout;
mod pages;
mod parameters;
mod refusal;
mod request_signature;
mod revoke;
mod router;
mod token;
mod user_info;

pub(crate) use router::router;
