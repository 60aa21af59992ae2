//! `InitiateAuth`, `RespondToAuthChallenge` and their Admin forms.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::ApiError;
use super::message::{check_pool, check_secret_hash, check_user_exists, find_client};
use super::new_password::choose_password;
use super::next_challenge::{MFA_SETUP, NEW_PASSWORD_REQUIRED, after_password};
use super::operation::{Operation, operation};
use super::rules::{
    AUTH_FLOW, CHALLENGE_NAME, CLIENT_ID, POOL_ID, Rule, SESSION, optional, required,
};
use super::tokens::{AuthOutput, complete, issue_tokens};
use crate::challenge::Step;
use crate::client::{AppClient, AuthFlow};
use crate::password_proof::PasswordProof;
use crate::pool::UserPool;
use crate::totp::SOFTWARE_TOKEN_MFA;

pub(super) const OPERATIONS: &[Operation] = &[
    operation!(
        "InitiateAuth",
        Public,
        initiate_auth,
        [
            required("AuthFlow", AUTH_FLOW),
            optional("AuthParameters", Rule::Map),
            optional("ClientMetadata", Rule::Map),
            required("ClientId", CLIENT_ID),
            optional("Session", SESSION),
        ]
    ),
    operation!(
        "AdminInitiateAuth",
        Administrator,
        admin_initiate_auth,
        [
            required("UserPoolId", POOL_ID),
            required("ClientId", CLIENT_ID),
            required("AuthFlow", AUTH_FLOW),
            optional("AuthParameters", Rule::Map),
            optional("ClientMetadata", Rule::Map),
            optional("Session", SESSION),
        ]
    ),
    operation!(
        "RespondToAuthChallenge",
        Public,
        respond_to_auth_challenge,
        [
            required("ClientId", CLIENT_ID),
            required("ChallengeName", CHALLENGE_NAME),
            optional("Session", SESSION),
            optional("ChallengeResponses", Rule::Map),
            optional("ClientMetadata", Rule::Map),
        ]
    ),
    operation!(
        "AdminRespondToAuthChallenge",
        Administrator,
        admin_respond_to_auth_challenge,
        [
            required("UserPoolId", POOL_ID),
            required("ClientId", CLIENT_ID),
            required("ChallengeName", CHALLENGE_NAME),
            optional("ChallengeResponses", Rule::Map),
            optional("Session", SESSION),
            optional("ClientMetadata", Rule::Map),
        ]
    ),
];

/// Name of the challenge of a sign-in by proof.
const PASSWORD_VERIFIER: &str = "PASSWORD_VERIFIER";

/// Message for an unknown user.
const UNKNOWN: &str = "User does not exist.";

type Parameters = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InitiateInput {
    user_pool_id: Option<String>,
    auth_flow: String,
    client_id: String,
    #[serde(default)]
    auth_parameters: Parameters,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RespondInput {
    user_pool_id: Option<String>,
    client_id: String,
    challenge_name: String,
    session: Option<String>,
    #[serde(default)]
    challenge_responses: Parameters,
}

async fn initiate_auth(pool: &UserPool, input: InitiateInput) -> Result<AuthOutput, ApiError> {
    let client = &find_client(pool, &input.client_id).await?;
    match input.auth_flow.as_str() {
        "USER_PASSWORD_AUTH" if client.allows_flow(AuthFlow::UserPassword) => {
            password_flow(pool, client, &input).await
        }
        "USER_SRP_AUTH" if client.allows_flow(AuthFlow::UserSrp) => {
            srp_flow(pool, client, &input).await
        }
        "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" if client.allows_flow(AuthFlow::RefreshToken) => {
            refresh_flow(pool, client, &input).await
        }
        flow => Err(disabled(flow)),
    }
}

async fn admin_initiate_auth(
    pool: &UserPool,
    input: InitiateInput,
) -> Result<AuthOutput, ApiError> {
    check_pool(pool, input.user_pool_id.as_deref().unwrap_or_default())?;
    let client = &find_client(pool, &input.client_id).await?;
    match input.auth_flow.as_str() {
        "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH"
            if client.allows_flow(AuthFlow::AdminUserPassword) =>
        {
            password_flow(pool, client, &input).await
        }
        "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" if client.allows_flow(AuthFlow::RefreshToken) => {
            refresh_flow(pool, client, &input).await
        }
        "USER_PASSWORD_AUTH" if client.allows_flow(AuthFlow::UserPassword) => {
            password_flow(pool, client, &input).await
        }
        "USER_SRP_AUTH" if client.allows_flow(AuthFlow::UserSrp) => {
            srp_flow(pool, client, &input).await
        }
        flow => Err(disabled(flow)),
    }
}

async fn srp_flow(
    pool: &UserPool,
    client: &AppClient,
    input: &InitiateInput,
) -> Result<AuthOutput, ApiError> {
    let parameters = &input.auth_parameters;
    let username = parameter(parameters, "USERNAME")?;
    let number = parameter(parameters, "SRP_A")?;
    check_hash(client, &[username], parameters)?;
    check_user_exists(pool, client, username, UNKNOWN).await?;
    let begun = pool.begin_password_proof(client, username, number).await?;
    let parameters = [
        ("SALT", begun.salt),
        ("SECRET_BLOCK", begun.secret_block),
        ("SRP_B", begun.server),
        ("USERNAME", begun.proof_name.clone()),
        ("USER_ID_FOR_SRP", begun.proof_name),
    ];
    Ok(AuthOutput::challenge(PASSWORD_VERIFIER, None, parameters))
}

fn disabled(flow: &str) -> ApiError {
    ApiError::invalid_parameter(format!("{flow} flow not enabled for this client"))
}

async fn password_flow(
    pool: &UserPool,
    client: &AppClient,
    input: &InitiateInput,
) -> Result<AuthOutput, ApiError> {
    let parameters = &input.auth_parameters;
    let username = parameter(parameters, "USERNAME")?;
    let password = parameter(parameters, "PASSWORD")?;
    check_hash(client, &[username], parameters)?;
    check_user_exists(pool, client, username, UNKNOWN).await?;
    after_password(pool, client, pool.sign_in(client, username, password).await?).await
}

async fn refresh_flow(
    pool: &UserPool,
    client: &AppClient,
    input: &InitiateInput,
) -> Result<AuthOutput, ApiError> {
    let token = parameter(&input.auth_parameters, "REFRESH_TOKEN")?;
    if client.refresh_token_rotation.is_some() {
        let message = format!(
            "{} isn't available in app clients with refresh token rotation enabled",
            input.auth_flow
        );
        return Err(ApiError::invalid_parameter(message));
    }
    let (redeemed, user) = pool.refresh(token, client).await?;
    let sub = user.sub.to_string();
    let names: Vec<&str> =
        [user.username.as_str(), &sub].into_iter().chain(user.address()).collect();
    check_hash(client, &names, &input.auth_parameters)?;
    Ok(issue_tokens(pool, &redeemed.grant, &user, None)?.into())
}

async fn respond_to_auth_challenge(
    pool: &UserPool,
    input: RespondInput,
) -> Result<AuthOutput, ApiError> {
    let client = &find_client(pool, &input.client_id).await?;
    let responses = &input.challenge_responses;
    let username = parameter(responses, "USERNAME")?;
    check_hash(client, &[username], responses)?;
    let flows = [AuthFlow::UserPassword, AuthFlow::UserSrp, AuthFlow::AdminUserPassword];
    let has_password_flow = flows.into_iter().any(|flow| client.allows_flow(flow));
    match input.challenge_name.as_str() {
        PASSWORD_VERIFIER if client.allows_flow(AuthFlow::UserSrp) => {
            let block = parameter(responses, "PASSWORD_CLAIM_SECRET_BLOCK")?;
            let signature = parameter(responses, "PASSWORD_CLAIM_SIGNATURE")?;
            let timestamp = parameter(responses, "TIMESTAMP")?;
            let proof = PasswordProof { username, secret_block: block, timestamp, signature };
            after_password(pool, client, pool.prove_password(client, &proof).await?).await
        }
        NEW_PASSWORD_REQUIRED if has_password_flow => {
            let password = parameter(responses, "NEW_PASSWORD")?;
            let step = Step::of_user(session(&input)?, client, username);
            let account = choose_password(pool, &step, password, responses).await?;
            after_password(pool, client, pool.after_password(client, account).await?).await
        }
        SOFTWARE_TOKEN_MFA if has_password_flow => {
            let code = parameter(responses, "SOFTWARE_TOKEN_MFA_CODE")?;
            let step = Step::of_user(session(&input)?, client, username);
            let account = pool.enter_code(&step, code).await?;
            complete(pool, client, &account).await
        }
        MFA_SETUP if has_password_flow => {
            let step = Step::of_user(session(&input)?, client, username);
            let account = pool.end_setup(&step).await?;
            complete(pool, client, &account).await
        }
        name => {
            let message = format!("{name} is not enabled for this client");
            Err(ApiError::invalid_parameter(message))
        }
    }
}

async fn admin_respond_to_auth_challenge(
    pool: &UserPool,
    input: RespondInput,
) -> Result<AuthOutput, ApiError> {
    check_pool(pool, input.user_pool_id.as_deref().unwrap_or_default())?;
    respond_to_auth_challenge(pool, input).await
}

fn check_hash(
    client: &AppClient,
    usernames: &[&str],
    parameters: &Parameters,
) -> Result<(), ApiError> {
    check_secret_hash(client, usernames, parameters.get("SECRET_HASH").map(String::as_str))
}

/// Returns the session of a challenge.
fn session(input: &RespondInput) -> Result<&str, ApiError> {
    let missing = || ApiError::invalid_parameter("Missing required parameter Session");
    input.session.as_deref().filter(|it| !it.is_empty()).ok_or_else(missing)
}

/// Returns a parameter that must not be empty.
fn parameter<'p>(parameters: &'p Parameters, name: &str) -> Result<&'p str, ApiError> {
    let value = parameters.get(name).filter(|value| !value.is_empty());
    let missing = || ApiError::invalid_parameter(format!("Missing required parameter {name}"));
    value.map(String::as_str).ok_or_else(missing)
}
