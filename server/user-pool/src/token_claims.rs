//! The claims of id and access tokens, in the order of Cognito's tokens.
//!
//! Source: Cognito, "Understanding user pool JSON web tokens".

use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

#[derive(Serialize)]
pub(crate) struct Header<'a> {
    pub(crate) kid: &'a str,
    pub(crate) alg: &'a str,
}

#[derive(Serialize)]
pub(crate) struct IdClaims<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at_hash: Option<String>,
    pub(crate) sub: Uuid,
    #[serde(rename = "cognito:groups", skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) groups: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email_verified: Option<bool>,
    pub(crate) iss: &'a str,
    #[serde(rename = "cognito:username")]
    pub(crate) username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<&'a str>,
    pub(crate) origin_jti: Uuid,
    pub(crate) aud: &'a str,
    pub(crate) event_id: Uuid,
    pub(crate) token_use: &'a str,
    pub(crate) auth_time: i64,
    pub(crate) exp: i64,
    pub(crate) iat: i64,
    pub(crate) jti: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<&'a str>,
    /// The other attributes that the scopes select.
    #[serde(flatten)]
    pub(crate) attributes: Map<String, Value>,
}

/// Claims of a token that a client got for itself.
#[derive(Serialize)]
pub(crate) struct MachineClaims<'a> {
    pub(crate) sub: &'a str,
    pub(crate) token_use: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) auth_time: i64,
    pub(crate) iss: &'a str,
    pub(crate) exp: i64,
    pub(crate) iat: i64,
    pub(crate) version: u8,
    pub(crate) jti: Uuid,
    pub(crate) client_id: &'a str,
}

#[derive(Serialize)]
pub(crate) struct AccessClaims<'a> {
    pub(crate) sub: Uuid,
    #[serde(rename = "cognito:groups", skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) groups: &'a [String],
    pub(crate) iss: &'a str,
    pub(crate) version: u8,
    pub(crate) client_id: &'a str,
    pub(crate) origin_jti: Uuid,
    /// The resource that the tokens are for; other access tokens have no audience.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) aud: Option<&'a str>,
    pub(crate) event_id: Uuid,
    pub(crate) token_use: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) auth_time: i64,
    pub(crate) exp: i64,
    pub(crate) iat: i64,
    pub(crate) jti: Uuid,
    pub(crate) username: &'a str,
}
