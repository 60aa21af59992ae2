//! Inputs and outputs of operations.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::ApiError;
use crate::config::AppClient;
use crate::pool::UserPool;
use crate::settings::Settings;

/// Parses the input of an operation.
pub(super) fn parse_input<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|_| ApiError::Serialization)
}

/// Encodes the output of an operation.
pub(super) fn encode_output(output: &impl Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(output).map_err(|error| ApiError::Internal(error.into()))
}

/// Checks that an operation is meant for this pool.
pub(super) fn check_pool(settings: &Settings, id: &str) -> Result<(), ApiError> {
    if id == settings.pool_id {
        return Ok(());
    }
    Err(ApiError::ResourceNotFound(format!("User pool {id} does not exist.")))
}

/// Finds the client with an id.
pub(super) async fn find_client(pool: &UserPool, id: &str) -> Result<AppClient, ApiError> {
    let client = pool.state.clients.find(id).await?;
    client
        .ok_or_else(|| ApiError::ResourceNotFound(format!("User pool client {id} does not exist.")))
}
