//! The second factor: `AssociateSoftwareToken`, `VerifySoftwareToken` and its preference.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::account::bearer;
use super::error::ApiError;
use super::message::{Empty, check_pool, find_account};
use super::operation::{Operation, operation};
use super::rules::{
    DEVICE_NAME, POOL_ID, Rule, SESSION, TOKEN, USER_CODE, USERNAME, optional, required,
};
use crate::challenge::{ChallengeError, Step};
use crate::error::{AccountError, SignInError};
use crate::pool::{Bearer, UserPool};
use crate::totp::SoftwareToken;
use crate::user::Account;

pub(super) const OPERATIONS: &[Operation] = &[
    operation!(
        "AssociateSoftwareToken",
        Bearer,
        associate,
        [optional("AccessToken", TOKEN), optional("Session", SESSION),]
    ),
    operation!(
        "VerifySoftwareToken",
        Bearer,
        verify,
        [
            optional("AccessToken", TOKEN),
            optional("Session", SESSION),
            required("UserCode", USER_CODE),
            optional("FriendlyDeviceName", DEVICE_NAME),
        ]
    ),
    operation!(
        "SetUserMFAPreference",
        Bearer,
        set_preference,
        [
            optional("SMSMfaSettings", Rule::Map),
            optional("SoftwareTokenMfaSettings", Rule::Map),
            optional("EmailMfaSettings", Rule::Map),
            required("AccessToken", TOKEN),
        ]
    ),
    operation!(
        "AdminSetUserMFAPreference",
        Administrator,
        admin_set_preference,
        [
            optional("SMSMfaSettings", Rule::Map),
            optional("SoftwareTokenMfaSettings", Rule::Map),
            optional("EmailMfaSettings", Rule::Map),
            required("Username", USERNAME),
            required("UserPoolId", POOL_ID),
        ]
    ),
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AssociateInput {
    access_token: Option<String>,
    session: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AssociateOutput {
    secret_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct VerifyInput {
    access_token: Option<String>,
    session: Option<String>,
    user_code: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VerifyOutput {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PreferenceInput {
    access_token: Option<String>,
    user_pool_id: Option<String>,
    username: Option<String>,
    software_token_mfa_settings: Option<Preference>,
    #[serde(rename = "SMSMfaSettings")]
    sms: Option<Value>,
    #[serde(rename = "EmailMfaSettings")]
    email: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Preference {
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    preferred_mfa: bool,
}

/// Returns the caller.
async fn caller(pool: &UserPool, token: Option<&str>) -> Result<Bearer, ApiError> {
    match token {
        Some(token) => bearer(pool, token).await,
        None => Err(ApiError::not_authorized("Invalid session for the user.")),
    }
}

async fn associate(pool: &UserPool, input: AssociateInput) -> Result<AssociateOutput, ApiError> {
    if let (None, Some(session)) = (&input.access_token, input.session) {
        let (_, secret_code) = pool.token_to_set_up(&Step::of_any_client(&session)).await?;
        return Ok(AssociateOutput { secret_code, session: Some(session) });
    }
    let bearer = caller(pool, input.access_token.as_deref()).await?;
    let token = SoftwareToken::random()?;
    let change = |account: &mut Account| -> Result<(), AccountError> {
        account.second_factor.pending = Some(token.clone());
        Ok(())
    };
    pool.directory().try_update(&bearer.account.user.username, change).await?;
    Ok(AssociateOutput { secret_code: token.secret, session: None })
}

async fn verify(pool: &UserPool, input: VerifyInput) -> Result<VerifyOutput, ApiError> {
    if let (None, Some(session)) = (&input.access_token, &input.session) {
        let step = Step::of_any_client(session);
        return match pool.set_token_up(&step, &input.user_code).await {
            Ok(()) => Ok(VerifyOutput { status: "SUCCESS", session: input.session }),
            Err(ChallengeError::WrongCode) => Err(wrong_first_code()),
            Err(error) => Err(error.into()),
        };
    }
    let bearer = caller(pool, input.access_token.as_deref()).await?;
    let name = &bearer.account.user.username;
    if bearer.account.second_factor.pending.is_none() {
        return Err(ApiError::invalid_parameter("No software token was associated with the user."));
    }
    let attempt = pool.begin_attempt(name).await.map_err(SignInError::from)?;
    let is_right = pool.directory().confirm_token(name, &input.user_code, pool.now()).await?;
    if is_right {
        attempt.succeed();
        return Ok(VerifyOutput { status: "SUCCESS", session: None });
    }
    attempt.fail(pool.now());
    Err(wrong_first_code())
}

fn wrong_first_code() -> ApiError {
    let message = "Code mismatch and fail enable Software Token MFA".to_owned();
    ApiError::Refused("EnableSoftwareTokenMFAException", message)
}

async fn set_preference(pool: &UserPool, input: PreferenceInput) -> Result<Empty, ApiError> {
    let bearer = caller(pool, input.access_token.as_deref()).await?;
    prefer(pool, &bearer.account, &input).await
}

async fn admin_set_preference(pool: &UserPool, input: PreferenceInput) -> Result<Empty, ApiError> {
    check_pool(pool, input.user_pool_id.as_deref().unwrap_or_default())?;
    let account = find_account(pool, input.username.as_deref().unwrap_or_default()).await?;
    prefer(pool, &account, &input).await
}

async fn prefer(
    pool: &UserPool,
    account: &Account,
    input: &PreferenceInput,
) -> Result<Empty, ApiError> {
    let is_wanted = |settings: &Option<Value>| {
        settings.as_ref().is_some_and(|it| it.get("Enabled") == Some(&Value::Bool(true)))
    };
    if is_wanted(&input.sms) || is_wanted(&input.email) {
        let message = "This user pool has software tokens only as a second factor.";
        return Err(ApiError::invalid_parameter(message));
    }
    let Some(wanted) = &input.software_token_mfa_settings else { return Ok(Empty {}) };
    if wanted.enabled && account.second_factor.token.is_none() {
        let message = "User has not set up software token mfa";
        return Err(ApiError::invalid_parameter(message));
    }
    let change = |account: &mut Account| -> Result<(), AccountError> {
        account.second_factor.is_enabled = wanted.enabled;
        account.second_factor.is_preferred = wanted.enabled && wanted.preferred_mfa;
        Ok(())
    };
    pool.directory().try_update(&account.user.username, change).await?;
    Ok(Empty {})
}
