//! `RespondToAuthChallenge`: the new password of a user who signed in with a temporary one.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::authentication::{check_secret_hash, complete, required};
use super::error::ApiError;
use super::message::{encode_output, find_client, parse_input};
use crate::client::AuthFlow;
use crate::error::InternalError;
use crate::pool::UserPool;
use crate::secret::Secret;
use crate::user::Account;

/// Name of the only challenge.
const NEW_PASSWORD_REQUIRED: &str = "NEW_PASSWORD_REQUIRED";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    client_id: String,
    challenge_name: String,
    #[serde(default)]
    session: String,
    #[serde(default)]
    challenge_responses: BTreeMap<String, String>,
}

/// Returns the output of `InitiateAuth` for a temporary password.
pub(super) fn new_password_required(
    account: &Account,
    session: &Secret,
) -> Result<Value, InternalError> {
    let attributes = json!({ "email": account.user.email, "email_verified": "true" });
    Ok(json!({
        "ChallengeName": NEW_PASSWORD_REQUIRED,
        "Session": session.as_str(),
        "ChallengeParameters": {
            "USER_ID_FOR_SRP": account.user.username,
            "requiredAttributes": "[]",
            "userAttributes": serde_json::to_string(&attributes)?,
        },
    }))
}

pub(super) async fn respond_to_auth_challenge(
    pool: &UserPool,
    body: &[u8],
) -> Result<Value, ApiError> {
    let input: Input = parse_input(body)?;
    let client = find_client(pool, &input.client_id).await?;
    if !client.allows_flow(AuthFlow::UserPassword) || input.challenge_name != NEW_PASSWORD_REQUIRED
    {
        let message = format!("{} is not enabled for this client", input.challenge_name);
        return Err(ApiError::InvalidParameter(message));
    }
    let responses = &input.challenge_responses;
    check_secret_hash(&client, required(responses, "USERNAME")?, responses)?;
    let password = required(responses, "NEW_PASSWORD")?;
    let account = pool.choose_password(&input.session, password).await?;
    encode_output(&complete(pool, &client, &account).await?)
}
