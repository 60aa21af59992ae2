//! The JSON API: one file for each family of operations.
//!
//! Source: Cognito identity provider API; the messages are those of the service.

mod account;
mod client_input;
mod client_output;
mod clients;
mod dispatch;
mod error;
mod groups;
mod message;
mod mfa;
mod new_password;
mod next_challenge;
mod operation;
mod pool;
mod refresh;
mod request_signature;
mod resource_servers;
mod rules;
mod sign_in;
mod sign_up;
mod tokens;
mod user_filter;
mod user_list;
mod user_output;
mod users;

pub(crate) use dispatch::run;
pub(crate) use error::ApiError;
