//! Tests by requirement: their names contain the ids of security requirements (`jwt_…`,
//! `oidc_…`), attacks (`atk_…`) and failures (`f_…`).

mod altered_tokens;
mod attacks;
mod claims;
mod client_roles;
mod config;
mod confusion;
mod differential;
mod discovery;
mod fixtures;
mod fuzz;
mod key_file;
mod key_responses;
mod key_rotation;
mod key_server;
mod key_set;
mod key_source;
mod malformed_tokens;
mod sign_in;
mod strict_json;
mod times;
mod user_claims;
mod valid_tokens;
mod verified_tokens;
