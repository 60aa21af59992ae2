//! Tests by requirement: their names carry the ids of the security requirements
//! (`jwt_…`), of the attack catalogue (`atk_…`) and of the faults (`f_…`).

mod attacks;
mod claims;
mod config;
mod confusion;
mod differential;
mod discovery;
mod forge;
mod form;
mod fuzz;
mod good;
mod key_set;
mod key_source;
mod million;
mod sign_in;
mod strict_json;
mod stub;
mod verified_tokens;
