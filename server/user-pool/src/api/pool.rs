//! `DescribeUserPool`, `ListUserPools`, `GetUserPoolMfaConfig` and `SetUserPoolMfaConfig`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::message::check_pool;
use super::operation::{Operation, operation};
use super::rules::{MAX_RESULTS, MFA_CONFIGURATION, PAGE_TOKEN, POOL_ID, Rule, optional, required};
use crate::attributes::STANDARD;
use crate::mfa_setting::Mfa;
use crate::pool::UserPool;

pub(super) const OPERATIONS: &[Operation] = &[
    operation!(
        "DescribeUserPool",
        Administrator,
        describe_user_pool,
        [required("UserPoolId", POOL_ID),]
    ),
    operation!(
        "ListUserPools",
        Administrator,
        list_user_pools,
        [optional("NextToken", PAGE_TOKEN), required("MaxResults", MAX_RESULTS),]
    ),
    operation!(
        "GetUserPoolMfaConfig",
        Administrator,
        get_user_pool_mfa_config,
        [required("UserPoolId", POOL_ID),]
    ),
    operation!(
        "SetUserPoolMfaConfig",
        Administrator,
        set_user_pool_mfa_config,
        [
            required("UserPoolId", POOL_ID),
            optional("SmsMfaConfiguration", Rule::Map),
            optional("SoftwareTokenMfaConfiguration", Rule::Map),
            optional("EmailMfaConfiguration", Rule::Map),
            optional("MfaConfiguration", MFA_CONFIGURATION),
            optional("WebAuthnConfiguration", Rule::Map),
        ]
    ),
];

/// Name of the pool.
const NAME: &str = "Gazette";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PoolInput {
    user_pool_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MfaInput {
    user_pool_id: String,
    /// Without it the second factor is off, as with Cognito.
    mfa_configuration: Option<Mfa>,
    #[serde(rename = "SmsMfaConfiguration")]
    sms: Option<Value>,
    #[serde(rename = "EmailMfaConfiguration")]
    email: Option<Value>,
}

#[derive(Deserialize)]
struct ListInput {}

async fn describe_user_pool(pool: &UserPool, input: PoolInput) -> Result<Value, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let id = &pool.state.settings.pool_id;
    let users = pool.directory().user_count().await?;
    Ok(json!({ "UserPool": {
        "Id": id,
        "Name": NAME,
        "Arn": format!("arn:aws:cognito-idp:{}:000000000000:userpool/{id}", region(id)),
        "Policies": { "PasswordPolicy": {
            "MinimumLength": 8,
            "RequireUppercase": false,
            "RequireLowercase": false,
            "RequireNumbers": false,
            "RequireSymbols": false,
            "TemporaryPasswordValidityDays": 7,
        } },
        "DeletionProtection": "INACTIVE",
        "LambdaConfig": {},
        "SchemaAttributes": schema(),
        "AutoVerifiedAttributes": ["email"],
        "AliasAttributes": ["email"],
        "UsernameConfiguration": { "CaseSensitive": false },
        "VerificationMessageTemplate": { "DefaultEmailOption": "CONFIRM_WITH_CODE" },
        "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": [] },
        "MfaConfiguration": pool.state.mfa.get().await?,
        "EstimatedNumberOfUsers": users,
        "EmailConfiguration": { "EmailSendingAccount": "COGNITO_DEFAULT" },
        "UserPoolTags": {},
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": false,
            "UnusedAccountValidityDays": 7,
        },
        "AccountRecoverySetting": { "RecoveryMechanisms": [
            { "Priority": 1, "Name": "verified_email" },
        ] },
        "UserPoolTier": "ESSENTIALS",
    } }))
}

/// Returns the schema: `email` is required, and every string has Cognito's limit.
fn schema() -> Vec<Value> {
    let sub = json!({
        "Name": "sub", "AttributeDataType": "String", "DeveloperOnlyAttribute": false,
        "Mutable": false, "Required": true,
        "StringAttributeConstraints": { "MinLength": "1", "MaxLength": "2048" },
    });
    let attributes = STANDARD.iter().map(|name| {
        let is_boolean = name.ends_with("_verified");
        let kind = if is_boolean { "Boolean" } else { "String" };
        let mut attribute = json!({
            "Name": name, "AttributeDataType": kind, "DeveloperOnlyAttribute": false,
            "Mutable": true, "Required": *name == "email",
        });
        if let (false, Some(fields)) = (is_boolean, attribute.as_object_mut()) {
            let limits = json!({ "MinLength": "0", "MaxLength": "2048" });
            fields.insert("StringAttributeConstraints".to_owned(), limits);
        }
        attribute
    });
    let updated_at = json!({
        "Name": "updated_at", "AttributeDataType": "Number", "DeveloperOnlyAttribute": false,
        "Mutable": true, "Required": false, "NumberAttributeConstraints": { "MinValue": "0" },
    });
    [sub].into_iter().chain(attributes).chain([updated_at]).collect()
}

#[expect(clippy::unused_async, reason = "operations are asynchronous")]
async fn list_user_pools(pool: &UserPool, _: ListInput) -> Result<Value, ApiError> {
    let id = &pool.state.settings.pool_id;
    Ok(json!({ "UserPools": [{ "Id": id, "Name": NAME, "LambdaConfig": {} }] }))
}

async fn get_user_pool_mfa_config(pool: &UserPool, input: PoolInput) -> Result<Value, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    Ok(mfa_output(pool.state.mfa.get().await?))
}

async fn set_user_pool_mfa_config(pool: &UserPool, input: MfaInput) -> Result<Value, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    if input.sms.is_some() || input.email.is_some() {
        let message = "This user pool has software tokens only as a second factor.";
        return Err(ApiError::invalid_parameter(message));
    }
    let mfa = input.mfa_configuration.unwrap_or(Mfa::Off);
    pool.state.mfa.set(mfa).await?;
    tracing::info!(?mfa, "the second factor was configured");
    Ok(mfa_output(mfa))
}

fn mfa_output(mfa: Mfa) -> Value {
    json!({
        "SoftwareTokenMfaConfiguration": { "Enabled": mfa != Mfa::Off },
        "MfaConfiguration": mfa,
    })
}

/// Returns the region, with which the id of every pool begins.
fn region(pool_id: &str) -> &str {
    pool_id.rsplit_once('_').map_or(pool_id, |(region, _)| region)
}
