//! Resource servers and their scopes.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::message::{Empty, check_pool};
use super::operation::{Operation, operation};
use super::rules::{
    MAX_RESULTS, PAGE_TOKEN, POOL_ID, RESOURCE_SERVER_ID, RESOURCE_SERVER_NAME, Rule, optional,
    required,
};
use crate::pool::UserPool;
use crate::resource_servers::{ResourceScope, ResourceServer};
use crate::scope::is_valid_scope;

const MAX_SCOPES: usize = 100;

pub(super) const OPERATIONS: &[Operation] = &[
    operation!(
        "CreateResourceServer",
        Administrator,
        create,
        [
            required("UserPoolId", POOL_ID),
            required("Identifier", RESOURCE_SERVER_ID),
            required("Name", RESOURCE_SERVER_NAME),
            optional("Scopes", Rule::List),
        ]
    ),
    operation!(
        "UpdateResourceServer",
        Administrator,
        update,
        [
            required("UserPoolId", POOL_ID),
            required("Identifier", RESOURCE_SERVER_ID),
            required("Name", RESOURCE_SERVER_NAME),
            optional("Scopes", Rule::List),
        ]
    ),
    operation!(
        "DescribeResourceServer",
        Administrator,
        describe,
        [required("UserPoolId", POOL_ID), required("Identifier", RESOURCE_SERVER_ID),]
    ),
    operation!(
        "DeleteResourceServer",
        Administrator,
        delete,
        [required("UserPoolId", POOL_ID), required("Identifier", RESOURCE_SERVER_ID),]
    ),
    operation!(
        "ListResourceServers",
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
struct ServerInput {
    user_pool_id: String,
    identifier: String,
    name: String,
    #[serde(default)]
    scopes: Vec<ResourceScope>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IdInput {
    user_pool_id: String,
    identifier: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInput {
    user_pool_id: String,
}

async fn create(pool: &UserPool, input: ServerInput) -> Result<Value, ApiError> {
    let server = input.into_server(pool)?;
    if pool.state.resource_servers.create(&server).await? {
        return Ok(output(pool, &server));
    }
    let message = format!("{} already exists in this user pool.", server.identifier);
    Err(ApiError::invalid_parameter(message))
}

async fn update(pool: &UserPool, input: ServerInput) -> Result<Value, ApiError> {
    let server = input.into_server(pool)?;
    if pool.state.resource_servers.replace(&server).await? {
        return Ok(output(pool, &server));
    }
    Err(unknown(&server.identifier))
}

async fn describe(pool: &UserPool, input: IdInput) -> Result<Value, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let server = pool.state.resource_servers.find(&input.identifier).await?;
    Ok(output(pool, &server.ok_or_else(|| unknown(&input.identifier))?))
}

async fn delete(pool: &UserPool, input: IdInput) -> Result<Empty, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let servers = &pool.state.resource_servers;
    servers.find(&input.identifier).await?.ok_or_else(|| unknown(&input.identifier))?;
    servers.delete(&input.identifier).await?;
    Ok(Empty {})
}

async fn list(pool: &UserPool, input: ListInput) -> Result<Value, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let servers = pool.state.resource_servers.list().await?;
    let servers: Vec<Value> = servers.iter().map(|server| described(pool, server)).collect();
    Ok(json!({ "ResourceServers": servers }))
}

fn output(pool: &UserPool, server: &ResourceServer) -> Value {
    json!({ "ResourceServer": described(pool, server) })
}

fn described(pool: &UserPool, server: &ResourceServer) -> Value {
    json!({
        "UserPoolId": pool.state.settings.pool_id,
        "Identifier": server.identifier,
        "Name": server.name,
        "Scopes": server.scopes,
    })
}

fn unknown(id: &str) -> ApiError {
    ApiError::not_found(format!("Resource server {id} does not exist."))
}

impl ServerInput {
    fn into_server(self, pool: &UserPool) -> Result<ResourceServer, ApiError> {
        check_pool(pool, &self.user_pool_id)?;
        let Self { identifier, name, scopes, .. } = self;
        if scopes.len() > MAX_SCOPES {
            return Err(ApiError::invalid_parameter("A resource server can have 100 scopes."));
        }
        let is_invalid = |it: &&ResourceScope| {
            it.scope_name.contains('/')
                || it.scope_description.len() > 256
                || !is_valid_scope(&format!("{identifier}/{}", it.scope_name))
        };
        if let Some(scope) = scopes.iter().find(is_invalid) {
            let message = format!("The scope {:.64} is invalid.", scope.scope_name);
            return Err(ApiError::invalid_parameter(message));
        }
        Ok(ResourceServer { identifier, name, scopes })
    }
}
