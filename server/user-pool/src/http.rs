//! The pool as HTTP: one file per endpoint, and what they share.

mod authorization_request;
mod authorize;
mod cookies;
mod discovery;
mod headers;
mod json_api;
mod login;
mod logout;
mod pages;
mod parameters;
mod refusal;
mod router;
mod token;

pub(crate) use router::router;
