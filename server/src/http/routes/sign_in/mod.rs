//! Signing in through the hosted UI, and signing out.

pub(in crate::http) mod callback;
pub(in crate::http) mod login;
pub(in crate::http) mod logout;
