//! `POST /`: the JSON API.
//!
//! Source: Cognito identity provider API; the messages are those of the service.

mod admin;
mod dispatch;
mod error;
mod initiate_auth;
mod message;
mod request_signature;
mod response;
mod revoke_token;

pub(super) use dispatch::call;
