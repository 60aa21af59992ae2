//! Inputs and outputs of operations, and what their functions share.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::ApiError;
use crate::client::AppClient;
use crate::pool::UserPool;
use crate::user::Account;

/// An output without members.
#[derive(Serialize)]
pub(super) struct Empty {}

/// A name and a value of an attribute.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Attribute {
    pub(super) name: String,
    #[serde(default)]
    pub(super) value: String,
}

/// Reads the body of a request.
pub(super) fn parse_object(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    let unreadable = |_| ApiError::serialization("The request cannot be read.");
    serde_json::from_slice(body).map_err(unreadable)
}

/// Reads the input of an operation, whose members were checked.
pub(super) fn parse<T: DeserializeOwned>(input: Value) -> Result<T, ApiError> {
    let unreadable =
        |error| ApiError::serialization(format!("The request cannot be read: {error}"));
    serde_json::from_value(input).map_err(unreadable)
}

/// Encodes the output of an operation.
pub(super) fn encode(output: &impl Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(output).map_err(|error| ApiError::Internal(error.into()))
}

/// Checks that an operation is meant for this pool.
pub(super) fn check_pool(pool: &UserPool, id: &str) -> Result<(), ApiError> {
    if id == pool.state.settings.pool_id {
        return Ok(());
    }
    Err(ApiError::not_found(format!("User pool {id} does not exist.")))
}

/// Finds the client with an id.
pub(super) async fn find_client(pool: &UserPool, id: &str) -> Result<AppClient, ApiError> {
    let client = pool.state.clients.find(id).await?;
    client.ok_or_else(|| ApiError::not_found(format!("User pool client {id} does not exist.")))
}

/// Finds the account with a username or a verified address.
pub(super) async fn find_account(pool: &UserPool, username: &str) -> Result<Account, ApiError> {
    let account = pool.directory().resolve(username).await?;
    account.ok_or_else(ApiError::user_not_found)
}

/// Refuses an unknown user, unless the client hides who exists.
pub(super) async fn check_user_exists(
    pool: &UserPool,
    client: &AppClient,
    username: &str,
    message: &str,
) -> Result<(), ApiError> {
    if client.hides_unknown_users || pool.directory().resolve(username).await?.is_some() {
        return Ok(());
    }
    Err(ApiError::Refused("UserNotFoundException", message.to_owned()))
}

/// Checks the hash that proves the secret of a confidential client:
/// `Base64(HMAC_SHA256(client secret, username + client id))`, with the username as in the
/// request, or as in the directory.
pub(super) fn check_secret_hash(
    client: &AppClient,
    usernames: &[&str],
    presented: Option<&str>,
) -> Result<(), ApiError> {
    let id = &client.id;
    let Some(secret) = &client.secret else { return Ok(()) };
    let presented = presented.ok_or_else(|| {
        ApiError::not_authorized(format!(
            "Client {id} is configured with secret but SECRET_HASH was not received"
        ))
    })?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = STANDARD.decode(presented).unwrap_or_default();
    let is_right = |name: &&str| hmac::verify(&key, format!("{name}{id}").as_bytes(), &tag).is_ok();
    if usernames.iter().any(is_right) {
        return Ok(());
    }
    Err(ApiError::not_authorized(format!("Unable to verify secret hash for client {id}")))
}

/// Returns the token of the next page, which begins after a position.
pub(super) fn page_token(position: &str) -> String {
    URL_SAFE_NO_PAD.encode(position)
}

/// Returns the position that a token stands for.
pub(super) fn position(token: Option<&str>) -> Result<Option<String>, ApiError> {
    let Some(token) = token else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    let position = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let invalid = || ApiError::invalid_parameter("Invalid pagination token.");
    position.filter(|position| position.len() <= 1_024).map(Some).ok_or_else(invalid)
}
