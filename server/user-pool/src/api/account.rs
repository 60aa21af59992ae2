//! Operations of users on their own accounts, signed in or with a code.

use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::message::{Attribute, Empty};
use super::operation::{Operation, operation};
use super::rules::{
    ATTRIBUTE_NAME, CLIENT_ID, CODE, PASSWORD, Rule, SECRET_HASH, TOKEN, USERNAME, optional,
    required,
};
use super::sign_up::{CodeDelivery, CodeOutput, UserOfClient};
use super::user_output::{MfaOutput, attributes};
use super::users::remove_attributes;
use crate::attributes::{AttributeChanges, Author};
use crate::pool::{Bearer, BearerError, UserPool};

pub(super) const OPERATIONS: &[Operation] = &[
    operation!("GetUser", Bearer, get_user, [required("AccessToken", TOKEN)]),
    operation!("DeleteUser", Bearer, delete_user, [required("AccessToken", TOKEN)]),
    operation!("GlobalSignOut", Bearer, global_sign_out, [required("AccessToken", TOKEN)]),
    operation!(
        "ChangePassword",
        Bearer,
        change_password,
        [
            optional("PreviousPassword", PASSWORD),
            required("ProposedPassword", PASSWORD),
            required("AccessToken", TOKEN),
        ]
    ),
    operation!(
        "UpdateUserAttributes",
        Bearer,
        update_user_attributes,
        [
            required("UserAttributes", Rule::List),
            required("AccessToken", TOKEN),
            optional("ClientMetadata", Rule::Map),
        ]
    ),
    operation!(
        "DeleteUserAttributes",
        Bearer,
        delete_user_attributes,
        [required("UserAttributeNames", Rule::List), required("AccessToken", TOKEN),]
    ),
    operation!(
        "GetUserAttributeVerificationCode",
        Bearer,
        send_verification_code,
        [
            required("AccessToken", TOKEN),
            required("AttributeName", ATTRIBUTE_NAME),
            optional("ClientMetadata", Rule::Map),
        ]
    ),
    operation!(
        "VerifyUserAttribute",
        Bearer,
        verify_user_attribute,
        [
            required("AccessToken", TOKEN),
            required("AttributeName", ATTRIBUTE_NAME),
            required("Code", CODE),
        ]
    ),
    operation!(
        "ForgotPassword",
        Public,
        forgot_password,
        [
            required("ClientId", CLIENT_ID),
            optional("SecretHash", SECRET_HASH),
            required("Username", USERNAME),
            optional("ClientMetadata", Rule::Map),
        ]
    ),
    operation!(
        "ConfirmForgotPassword",
        Public,
        confirm_forgot_password,
        [
            required("ClientId", CLIENT_ID),
            optional("SecretHash", SECRET_HASH),
            required("Username", USERNAME),
            required("ConfirmationCode", CODE),
            required("Password", PASSWORD),
            optional("ClientMetadata", Rule::Map),
        ]
    ),
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TokenInput {
    access_token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UserOutput {
    username: String,
    user_attributes: Vec<Attribute>,
    #[serde(flatten)]
    mfa: MfaOutput,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChangePasswordInput {
    previous_password: Option<String>,
    proposed_password: String,
    access_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AttributesInput {
    user_attributes: Vec<Attribute>,
    access_token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AttributesOutput {
    code_delivery_details_list: Vec<CodeDelivery>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NamesInput {
    user_attribute_names: Vec<String>,
    access_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct VerifyInput {
    access_token: String,
    attribute_name: String,
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NewPasswordInput {
    #[serde(flatten)]
    user: UserOfClient,
    confirmation_code: String,
    password: String,
}

/// Returns the account of an access token that may change it.
pub(super) async fn bearer(pool: &UserPool, token: &str) -> Result<Bearer, ApiError> {
    let bearer = pool.bearer(token).await?;
    if bearer.scopes.contains("aws.cognito.signin.user.admin") {
        return Ok(bearer);
    }
    Err(ApiError::not_authorized("Access Token does not have required scopes"))
}

impl From<BearerError> for ApiError {
    fn from(error: BearerError) -> Self {
        match error {
            BearerError::Invalid => Self::not_authorized("Invalid Access Token"),
            BearerError::Expired => Self::not_authorized("Access Token has expired"),
            BearerError::Revoked => Self::not_authorized("Access Token has been revoked"),
            BearerError::Internal(error) => Self::Internal(error),
        }
    }
}

async fn get_user(pool: &UserPool, input: TokenInput) -> Result<UserOutput, ApiError> {
    let account = bearer(pool, &input.access_token).await?.account;
    let (user, mfa) = (&account.user, MfaOutput::of(&account));
    Ok(UserOutput { user_attributes: attributes(user), username: user.username.clone(), mfa })
}

async fn delete_user(pool: &UserPool, input: TokenInput) -> Result<Empty, ApiError> {
    let bearer = bearer(pool, &input.access_token).await?;
    pool.delete_account(&bearer.account).await?;
    Ok(Empty {})
}

async fn global_sign_out(pool: &UserPool, input: TokenInput) -> Result<Empty, ApiError> {
    let bearer = bearer(pool, &input.access_token).await?;
    pool.directory().sign_out_everywhere(&bearer.account.user.username).await?;
    Ok(Empty {})
}

async fn change_password(pool: &UserPool, input: ChangePasswordInput) -> Result<Empty, ApiError> {
    let bearer = bearer(pool, &input.access_token).await?;
    let present = input.previous_password.unwrap_or_default();
    let new = &input.proposed_password;
    pool.change_password(&bearer.account, bearer.family, &present, new).await?;
    Ok(Empty {})
}

async fn update_user_attributes(
    pool: &UserPool,
    input: AttributesInput,
) -> Result<AttributesOutput, ApiError> {
    let bearer = bearer(pool, &input.access_token).await?;
    let pairs = input.user_attributes.into_iter().map(|it| (it.name, it.value));
    let changes = AttributeChanges::parse(pairs, Author::User)?;
    let delivery = pool.update_attributes(&bearer.account, &changes).await?;
    let code_delivery_details_list = delivery.into_iter().map(CodeDelivery::from).collect();
    Ok(AttributesOutput { code_delivery_details_list })
}

async fn delete_user_attributes(pool: &UserPool, input: NamesInput) -> Result<Empty, ApiError> {
    let bearer = bearer(pool, &input.access_token).await?;
    if input.user_attribute_names.iter().any(|name| name.ends_with("_verified")) {
        return Err(crate::error::AttributeError::Unauthorized.into());
    }
    remove_attributes(pool, &bearer.account, &input.user_attribute_names).await?;
    Ok(Empty {})
}

async fn send_verification_code(
    pool: &UserPool,
    input: VerifyInput,
) -> Result<CodeOutput, ApiError> {
    let bearer = bearer(pool, &input.access_token).await?;
    check_attribute(&input.attribute_name)?;
    if bearer.account.user.email_verified {
        return Err(ApiError::invalid_parameter("Email already verified."));
    }
    Ok(pool.send_verification_code(&bearer.account).await?.into())
}

async fn verify_user_attribute(pool: &UserPool, input: VerifyInput) -> Result<Empty, ApiError> {
    let bearer = bearer(pool, &input.access_token).await?;
    check_attribute(&input.attribute_name)?;
    pool.verify_email(&bearer.account, &input.code).await?;
    Ok(Empty {})
}

/// Checks that an attribute can be verified: this pool sends no text messages.
fn check_attribute(name: &str) -> Result<(), ApiError> {
    if name == "email" {
        return Ok(());
    }
    Err(ApiError::invalid_parameter(format!("Attribute {name} cannot be verified by this pool.")))
}

async fn forgot_password(pool: &UserPool, input: UserOfClient) -> Result<CodeOutput, ApiError> {
    let client = input.check(pool).await?;
    Ok(pool.forgot_password(&client, &input.username).await?.into())
}

async fn confirm_forgot_password(
    pool: &UserPool,
    input: NewPasswordInput,
) -> Result<Empty, ApiError> {
    let client = input.user.check(pool).await?;
    let (name, code) = (&input.user.username, &input.confirmation_code);
    pool.confirm_forgot_password(&client, name, code, &input.password).await?;
    Ok(Empty {})
}
