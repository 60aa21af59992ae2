//! The properties of app clients in Cognito's form.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::error::ApiError;
use crate::client::{
    AppClient, AuthFlow, DEFAULT_AUTH_SESSION_MINUTES, Lifetime, Lifetimes, OAuthGrant, TimeUnit,
};

const DEFAULT_FLOWS: [AuthFlow; 3] = [AuthFlow::RefreshToken, AuthFlow::UserSrp, AuthFlow::Custom];
/// Rotation without a grace period, as in Cognito.
const DEFAULT_GRACE_SECONDS: u8 = 0;

/// Properties of a client. An update resets those that it omits, as in Cognito.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ClientInput {
    pub(super) user_pool_id: String,
    pub(super) client_id: Option<String>,
    pub(super) client_name: Option<String>,
    #[serde(default)]
    pub(super) generate_secret: bool,
    refresh_token_validity: Option<u32>,
    access_token_validity: Option<u32>,
    id_token_validity: Option<u32>,
    #[serde(default)]
    token_validity_units: Units,
    auth_session_validity: Option<u8>,
    explicit_auth_flows: Option<Vec<String>>,
    #[serde(default, rename = "CallbackURLs")]
    callback_urls: Vec<String>,
    #[serde(default, rename = "LogoutURLs")]
    logout_urls: Vec<String>,
    #[serde(default, rename = "AllowedOAuthFlows")]
    grants: BTreeSet<OAuthGrant>,
    #[serde(default, rename = "AllowedOAuthScopes")]
    scopes: Vec<String>,
    #[serde(default, rename = "AllowedOAuthFlowsUserPoolClient")]
    may_use_oauth: bool,
    refresh_token_rotation: Option<Rotation>,
    /// `LEGACY` by default, as in Cognito.
    prevent_user_existence_errors: Option<String>,
}

#[derive(Default, Deserialize)]
struct Units {
    #[serde(rename = "AccessToken")]
    access: Option<TimeUnit>,
    #[serde(rename = "IdToken")]
    id: Option<TimeUnit>,
    #[serde(rename = "RefreshToken")]
    refresh: Option<TimeUnit>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rotation {
    feature: String,
    retry_grace_period_seconds: Option<u8>,
}

impl ClientInput {
    /// Sets everything but id and secret.
    pub(super) fn apply(&self, client: &mut AppClient) -> Result<(), ApiError> {
        if let Some(name) = &self.client_name {
            client.name.clone_from(name);
        }
        client.callback_urls.clone_from(&self.callback_urls);
        client.logout_urls.clone_from(&self.logout_urls);
        client.flows = match &self.explicit_auth_flows {
            None => DEFAULT_FLOWS.into(),
            Some(names) => flows(names)?,
        };
        client.grants = if self.may_use_oauth { self.grants.clone() } else { BTreeSet::new() };
        client.scopes.clone_from(&self.scopes);
        client.requires_pkce = client.secret.is_none();
        client.hides_unknown_users =
            self.prevent_user_existence_errors.as_deref() == Some("ENABLED");
        client.lifetimes = self.lifetimes();
        client.auth_session_minutes =
            self.auth_session_validity.unwrap_or(DEFAULT_AUTH_SESSION_MINUTES);
        client.refresh_token_rotation = self
            .refresh_token_rotation
            .as_ref()
            .filter(|rotation| rotation.feature == "ENABLED")
            .map(|it| it.retry_grace_period_seconds.unwrap_or(DEFAULT_GRACE_SECONDS));
        Ok(())
    }

    fn lifetimes(&self) -> Lifetimes {
        let (defaults, units) = (Lifetimes::default(), &self.token_validity_units);
        let lifetime = |amount: Option<u32>, unit: Option<TimeUnit>, usual, default| {
            let amount = amount.filter(|amount| *amount > 0);
            amount.map_or(default, |amount| Lifetime::new(amount, unit.unwrap_or(usual)))
        };
        let token = |amount, unit| lifetime(amount, unit, TimeUnit::Hours, defaults.access_token);
        Lifetimes {
            id_token: token(self.id_token_validity, units.id),
            access_token: token(self.access_token_validity, units.access),
            refresh_token: lifetime(
                self.refresh_token_validity,
                units.refresh,
                TimeUnit::Days,
                defaults.refresh_token,
            ),
        }
    }
}

fn flows(names: &[String]) -> Result<BTreeSet<AuthFlow>, ApiError> {
    let mut flows = names.iter().map(|name| flow(name)).collect::<Result<BTreeSet<_>, _>>()?;
    // The older names, without `ALLOW_`, always came with refresh tokens.
    if names.iter().any(|name| !name.starts_with("ALLOW_")) {
        flows.insert(AuthFlow::RefreshToken);
    }
    Ok(flows)
}

fn flow(name: &str) -> Result<AuthFlow, ApiError> {
    AuthFlow::from_name(name).ok_or_else(|| {
        ApiError::invalid_parameter(format!("ExplicitAuthFlows: {name:.64} is not supported."))
    })
}
