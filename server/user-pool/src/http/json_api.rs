//! `POST /`: the JSON API.
//!
//! Source: Cognito identity provider API; the messages are those of the service.

mod admin;
mod authentication;
mod challenge;
mod create_user;
mod dispatch;
mod error;
mod initiate_auth;
mod message;
mod request_signature;
mod response;
mod revoke_token;
mod user_filter;
mod user_output;
mod users;

pub(super) use dispatch::call;
