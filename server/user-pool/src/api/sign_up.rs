//! `SignUp`, `ConfirmSignUp` and `ResendConfirmationCode`.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::ApiError;
use super::message::{Attribute, Empty, check_secret_hash, check_user_exists, find_client};
use super::operation::{Operation, operation};
use super::rules::{
    CLIENT_ID, CODE, PASSWORD, Rule, SECRET_HASH, SESSION, USERNAME, optional, required,
};
use crate::attributes::{AttributeChanges, Author};
use crate::client::AppClient;
use crate::delivery::Delivery;
use crate::pool::UserPool;
use crate::registration::SignUp;

pub(super) const OPERATIONS: &[Operation] = &[
    operation!(
        "SignUp",
        Public,
        sign_up,
        [
            required("ClientId", CLIENT_ID),
            optional("SecretHash", SECRET_HASH),
            required("Username", USERNAME),
            required("Password", PASSWORD),
            optional("UserAttributes", Rule::List),
            optional("ValidationData", Rule::List),
            optional("ClientMetadata", Rule::Map),
        ]
    ),
    operation!(
        "ConfirmSignUp",
        Public,
        confirm_sign_up,
        [
            required("ClientId", CLIENT_ID),
            optional("SecretHash", SECRET_HASH),
            required("Username", USERNAME),
            required("ConfirmationCode", CODE),
            optional("ClientMetadata", Rule::Map),
            optional("Session", SESSION),
        ]
    ),
    operation!(
        "ResendConfirmationCode",
        Public,
        resend_confirmation_code,
        [
            required("ClientId", CLIENT_ID),
            optional("SecretHash", SECRET_HASH),
            required("Username", USERNAME),
            optional("ClientMetadata", Rule::Map),
        ]
    ),
];

/// Message for an unknown user.
const UNKNOWN: &str = "Username/client id combination not found.";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SignUpInput {
    client_id: String,
    secret_hash: Option<String>,
    username: String,
    password: String,
    #[serde(default)]
    user_attributes: Vec<Attribute>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SignUpOutput {
    user_confirmed: bool,
    code_delivery_details: CodeDelivery,
    user_sub: Uuid,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ConfirmInput {
    client_id: String,
    secret_hash: Option<String>,
    username: String,
    confirmation_code: String,
    #[serde(default)]
    force_alias_creation: bool,
}

/// Input of an operation of a client for a user who is not signed in.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UserOfClient {
    client_id: String,
    secret_hash: Option<String>,
    pub(super) username: String,
}

/// Address that a code was sent to, shortened.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CodeDelivery {
    destination: String,
    delivery_medium: &'static str,
    attribute_name: &'static str,
}

/// Output of an operation that sends a code.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CodeOutput {
    code_delivery_details: CodeDelivery,
}

impl From<Delivery> for CodeDelivery {
    fn from(delivery: Delivery) -> Self {
        let destination = delivery.destination;
        Self { destination, delivery_medium: "EMAIL", attribute_name: "email" }
    }
}

impl From<Delivery> for CodeOutput {
    fn from(delivery: Delivery) -> Self {
        Self { code_delivery_details: delivery.into() }
    }
}

impl UserOfClient {
    /// Checks that there is such a client, its secret, and the user if the client asks for it.
    /// Returns the client.
    pub(super) async fn check(&self, pool: &UserPool) -> Result<AppClient, ApiError> {
        let Self { client_id, secret_hash, username } = self;
        let client = check(pool, client_id, username, secret_hash.as_deref()).await?;
        check_user_exists(pool, &client, username, UNKNOWN).await?;
        Ok(client)
    }
}

async fn check(
    pool: &UserPool,
    client_id: &str,
    username: &str,
    secret_hash: Option<&str>,
) -> Result<AppClient, ApiError> {
    let client = find_client(pool, client_id).await?;
    check_secret_hash(&client, &[username], secret_hash)?;
    Ok(client)
}

async fn sign_up(pool: &UserPool, input: SignUpInput) -> Result<SignUpOutput, ApiError> {
    check(pool, &input.client_id, &input.username, input.secret_hash.as_deref()).await?;
    let attributes = input.user_attributes.into_iter().map(|it| (it.name, it.value));
    let attributes = AttributeChanges::parse(attributes, Author::User)?;
    let SignUpInput { username, password, .. } = input;
    let (account, delivery) = pool.sign_up(SignUp { username, password, attributes }).await?;
    Ok(SignUpOutput {
        user_confirmed: false,
        code_delivery_details: delivery.into(),
        user_sub: account.user.sub,
    })
}

async fn confirm_sign_up(pool: &UserPool, input: ConfirmInput) -> Result<Empty, ApiError> {
    let client =
        check(pool, &input.client_id, &input.username, input.secret_hash.as_deref()).await?;
    check_user_exists(pool, &client, &input.username, UNKNOWN).await?;
    let (name, code) = (&input.username, &input.confirmation_code);
    pool.confirm_sign_up(name, code, input.force_alias_creation).await?;
    Ok(Empty {})
}

async fn resend_confirmation_code(
    pool: &UserPool,
    input: UserOfClient,
) -> Result<CodeOutput, ApiError> {
    input.check(pool).await?;
    Ok(pool.resend_sign_up_code(&input.username).await?.into())
}
