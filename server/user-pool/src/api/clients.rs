//! App clients.

use serde::Deserialize;
use serde_json::{Value, json};

use super::client_input::ClientInput;
use super::client_output::ClientOutput;
use super::error::ApiError;
use super::message::{Empty, check_pool, page_token, position};
use super::operation::{Operation, operation};
use super::rules::{
    AUTH_SESSION_MINUTES, CLIENT_ID, CLIENT_NAME, LIFETIME_AMOUNT, MAX_RESULTS, PAGE_TOKEN,
    POOL_ID, Rule, USER_EXISTENCE_ERRORS, optional, required,
};
use crate::client::{AppClient, AuthFlow};
use crate::clients::RegisteredClient;
use crate::pool::UserPool;
use crate::scope::STANDARD_SCOPES;
use crate::secret::random_word;

pub(super) const OPERATIONS: &[Operation] = &[
    operation!(
        "CreateUserPoolClient",
        Administrator,
        create,
        [
            required("UserPoolId", POOL_ID),
            required("ClientName", CLIENT_NAME),
            optional("RefreshTokenValidity", LIFETIME_AMOUNT),
            optional("AccessTokenValidity", LIFETIME_AMOUNT),
            optional("IdTokenValidity", LIFETIME_AMOUNT),
            optional("TokenValidityUnits", Rule::Map),
            optional("AuthSessionValidity", AUTH_SESSION_MINUTES),
            optional("ExplicitAuthFlows", Rule::List),
            optional("CallbackURLs", Rule::List),
            optional("LogoutURLs", Rule::List),
            optional("AllowedOAuthFlows", Rule::List),
            optional("AllowedOAuthScopes", Rule::List),
            optional("PreventUserExistenceErrors", USER_EXISTENCE_ERRORS),
            optional("RefreshTokenRotation", Rule::Map),
        ]
    ),
    operation!(
        "UpdateUserPoolClient",
        Administrator,
        update,
        [
            required("UserPoolId", POOL_ID),
            required("ClientId", CLIENT_ID),
            optional("ClientName", CLIENT_NAME),
            optional("RefreshTokenValidity", LIFETIME_AMOUNT),
            optional("AccessTokenValidity", LIFETIME_AMOUNT),
            optional("IdTokenValidity", LIFETIME_AMOUNT),
            optional("TokenValidityUnits", Rule::Map),
            optional("AuthSessionValidity", AUTH_SESSION_MINUTES),
            optional("ExplicitAuthFlows", Rule::List),
            optional("CallbackURLs", Rule::List),
            optional("LogoutURLs", Rule::List),
            optional("AllowedOAuthFlows", Rule::List),
            optional("AllowedOAuthScopes", Rule::List),
            optional("PreventUserExistenceErrors", USER_EXISTENCE_ERRORS),
            optional("RefreshTokenRotation", Rule::Map),
        ]
    ),
    operation!(
        "DescribeUserPoolClient",
        Administrator,
        describe,
        [required("UserPoolId", POOL_ID), required("ClientId", CLIENT_ID),]
    ),
    operation!(
        "DeleteUserPoolClient",
        Administrator,
        delete,
        [required("UserPoolId", POOL_ID), required("ClientId", CLIENT_ID),]
    ),
    operation!(
        "ListUserPoolClients",
        Administrator,
        list,
        [
            required("UserPoolId", POOL_ID),
            optional("MaxResults", MAX_RESULTS),
            optional("NextToken", PAGE_TOKEN),
        ]
    ),
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ClientIdInput {
    user_pool_id: String,
    client_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInput {
    user_pool_id: String,
    max_results: Option<usize>,
    next_token: Option<String>,
}

async fn create(pool: &UserPool, input: ClientInput) -> Result<Value, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let (id, name) = (random_word::<26>()?, input.client_name.clone().unwrap_or_default());
    let mut client = AppClient::new(id, name);
    if input.generate_secret {
        client.secret = Some(random_word::<52>()?);
    }
    input.apply(&mut client)?;
    check_scopes(pool, &client.scopes).await?;
    store_verifiers_for(pool, &client);
    let registered = pool.state.clients.create(client).await?;
    Ok(output(pool, &registered))
}

/// Stores verifiers of passwords from now on, if a client needs them.
fn store_verifiers_for(pool: &UserPool, client: &AppClient) {
    if client.allows_flow(AuthFlow::UserSrp) {
        pool.directory().enable_srp();
    }
}

async fn update(pool: &UserPool, input: ClientInput) -> Result<Value, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let id = input.client_id.clone().unwrap_or_default();
    let current = pool.state.clients.registered(&id).await?.ok_or_else(|| unknown(&id))?;
    let mut client = current.client;
    input.apply(&mut client)?;
    check_scopes(pool, &client.scopes).await?;
    store_verifiers_for(pool, &client);
    // The secret is that of the client at the time of the change.
    let replace = |stored: &mut AppClient| {
        *stored = AppClient { secret: stored.secret.clone(), ..client.clone() };
    };
    let registered = pool.state.clients.update(&id, replace).await?;
    Ok(output(pool, &registered))
}

async fn describe(pool: &UserPool, input: ClientIdInput) -> Result<Value, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let id = &input.client_id;
    let registered = pool.state.clients.registered(id).await?.ok_or_else(|| unknown(id))?;
    Ok(output(pool, &registered))
}

async fn delete(pool: &UserPool, input: ClientIdInput) -> Result<Empty, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    pool.state.clients.delete(&input.client_id).await?;
    Ok(Empty {})
}

async fn list(pool: &UserPool, input: ListInput) -> Result<Value, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let limit = input.max_results.unwrap_or(60);
    let after = position(input.next_token.as_deref())?;
    let clients = pool.state.clients.list().await?;
    let start = after.and_then(|id| clients.iter().position(|it| it.client.id == id));
    let rest = clients.get(start.map_or(0, |index| index + 1)..).unwrap_or_default();
    let page = rest.get(..limit).unwrap_or(rest);
    let described = page.iter().map(|it| {
        let pool_id = &pool.state.settings.pool_id;
        json!({ "ClientId": it.client.id, "UserPoolId": pool_id, "ClientName": it.client.name })
    });
    let mut output = json!({ "UserPoolClients": described.collect::<Vec<_>>() });
    if let (Some(last), Some(fields)) = (page.last(), output.as_object_mut())
        && page.len() < rest.len()
    {
        fields.insert("NextToken".to_owned(), page_token(&last.client.id).into());
    }
    Ok(output)
}

fn output(pool: &UserPool, registered: &RegisteredClient) -> Value {
    json!({ "UserPoolClient": ClientOutput::of(&pool.state.settings.pool_id, registered) })
}

fn unknown(id: &str) -> ApiError {
    ApiError::not_found(format!("User pool client {id} does not exist."))
}

/// Checks that each scope is one of every pool, or of a resource server.
async fn check_scopes(pool: &UserPool, scopes: &[String]) -> Result<(), ApiError> {
    for scope in scopes {
        let is_known = STANDARD_SCOPES.contains(&scope.as_str())
            || pool.state.resource_servers.has_scope(scope).await?;
        if !is_known {
            let message = format!("Invalid scope requested: {scope}");
            return Err(ApiError::Refused("ScopeDoesNotExistException", message));
        }
    }
    Ok(())
}
