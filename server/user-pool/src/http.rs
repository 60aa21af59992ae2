//! The HTTP interface of the pool: one file for each endpoint, and what they share.

mod authorization_request;
mod authorize;
mod browser_error;
mod callback;
mod client_authentication;
mod clock;
mod cookies;
mod cors;
mod discovery;
mod json_api;
mod login;
mod logout;
mod media_type;
mod middleware;
mod oauth_error;
mod outbox;
mod pages;
mod parameters;
mod revoke;
mod router;
mod token;
mod user_info;
