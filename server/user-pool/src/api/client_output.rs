//! App clients in Cognito's form.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};

use crate::client::{AppClient, AuthFlow, OAuthGrant};
use crate::clients::RegisteredClient;

/// Source: Cognito, `UserPoolClientType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ClientOutput<'a> {
    user_pool_id: &'a str,
    client_name: &'a str,
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    last_modified_date: i64,
    creation_date: i64,
    refresh_token_validity: u32,
    access_token_validity: u32,
    id_token_validity: u32,
    token_validity_units: Value,
    explicit_auth_flows: &'a BTreeSet<AuthFlow>,
    supported_identity_providers: [&'static str; 1],
    #[serde(rename = "CallbackURLs", skip_serializing_if = "<[_]>::is_empty")]
    callback_urls: &'a [String],
    #[serde(rename = "LogoutURLs", skip_serializing_if = "<[_]>::is_empty")]
    logout_urls: &'a [String],
    #[serde(rename = "AllowedOAuthFlows", skip_serializing_if = "BTreeSet::is_empty")]
    allowed_oauth_flows: &'a BTreeSet<OAuthGrant>,
    #[serde(rename = "AllowedOAuthScopes", skip_serializing_if = "<[_]>::is_empty")]
    allowed_oauth_scopes: &'a [String],
    #[serde(rename = "AllowedOAuthFlowsUserPoolClient")]
    may_use_oauth: bool,
    prevent_user_existence_errors: &'static str,
    enable_token_revocation: bool,
    enable_propagate_additional_user_context_data: bool,
    auth_session_validity: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_rotation: Option<Value>,
}

impl<'a> ClientOutput<'a> {
    pub(super) fn of(pool_id: &'a str, registered: &'a RegisteredClient) -> Self {
        let client: &AppClient = &registered.client;
        let lifetimes = &client.lifetimes;
        let rotation = client
            .refresh_token_rotation
            .map(|grace| json!({ "Feature": "ENABLED", "RetryGracePeriodSeconds": grace }));
        Self {
            user_pool_id: pool_id,
            client_name: &client.name,
            client_id: &client.id,
            client_secret: client.secret.as_deref(),
            last_modified_date: registered.modified_at,
            creation_date: registered.created_at,
            refresh_token_validity: lifetimes.refresh_token.amount,
            access_token_validity: lifetimes.access_token.amount,
            id_token_validity: lifetimes.id_token.amount,
            token_validity_units: json!({
                "AccessToken": lifetimes.access_token.unit,
                "IdToken": lifetimes.id_token.unit,
                "RefreshToken": lifetimes.refresh_token.unit,
            }),
            explicit_auth_flows: &client.flows,
            supported_identity_providers: ["COGNITO"],
            callback_urls: &client.callback_urls,
            logout_urls: &client.logout_urls,
            allowed_oauth_flows: &client.grants,
            allowed_oauth_scopes: &client.scopes,
            may_use_oauth: !client.grants.is_empty(),
            prevent_user_existence_errors: if client.hides_unknown_users {
                "ENABLED"
            } else {
                "LEGACY"
            },
            enable_token_revocation: true,
            enable_propagate_additional_user_context_data: false,
            auth_session_validity: client.auth_session_minutes,
            refresh_token_rotation: rotation,
        }
    }
}
