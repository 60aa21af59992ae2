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
mod forgot_password;
mod form_context;
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
mod sign_in_error;
mod sign_up;
mod token;
mod user_info;
