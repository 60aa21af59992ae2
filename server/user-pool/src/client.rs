//! The applications that may request tokens.

mod lifetime;
mod rules;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::secret::is_same;

pub(crate) use rules::check_ids;

pub use lifetime::{Lifetime, Lifetimes, TimeUnit};
pub use rules::MAX_AUTH_SESSION_MINUTES;

/// Source: Cognito, `AuthSessionValidity`.
pub(crate) const DEFAULT_AUTH_SESSION_MINUTES: u8 = 3;

/// An application that may request tokens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppClient {
    /// Id: 1 to 128 letters, digits, `_` or `+`.
    pub id: String,
    /// Name shown on the sign-in page.
    pub name: String,
    /// Secret of a confidential client: 24 to 64 letters, digits, `_` or `+`.
    pub secret: Option<String>,
    /// URLs that a code may be sent to; compared as exact strings.
    pub callback_urls: Vec<String>,
    /// URLs that a browser may be sent to after signing out; compared as exact strings.
    pub logout_urls: Vec<String>,
    /// Sign-ins without the hosted UI. Source: Cognito, `ExplicitAuthFlows`.
    pub flows: BTreeSet<AuthFlow>,
    /// Source: Cognito, `AllowedOAuthFlows`.
    pub grants: BTreeSet<OAuthGrant>,
    /// Scopes that the client may request. Source: Cognito, `AllowedOAuthScopes`.
    pub scopes: Vec<String>,
    /// Refuses authorization requests without a PKCE challenge. Cognito never does.
    pub requires_pkce: bool,
    /// Lifetimes of its tokens.
    pub lifetimes: Lifetimes,
    /// Enables refresh token rotation; the value is the grace period of a used token in
    /// seconds (0 to 60). Source: Cognito, `RefreshTokenRotation`.
    pub refresh_token_rotation: Option<u8>,
    /// Minutes for which a sign-in waits for its next step (3 to 15). Source: Cognito,
    /// `AuthSessionValidity`.
    #[serde(default = "longest_auth_session")]
    pub auth_session_minutes: u8,
    /// Answers for an unknown user as for a known one. Source: Cognito,
    /// `PreventUserExistenceErrors`: `ENABLED`, or `LEGACY` if not.
    #[serde(default = "hides_unknown_users")]
    pub hides_unknown_users: bool,
}

/// A sign-in without the hosted UI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AuthFlow {
    /// The password is sent by an administrator's program.
    #[serde(rename = "ALLOW_ADMIN_USER_PASSWORD_AUTH")]
    AdminUserPassword,
    /// Accepted for compatibility; the pool runs no triggers.
    #[serde(rename = "ALLOW_CUSTOM_AUTH")]
    Custom,
    /// Tokens for a refresh token.
    #[serde(rename = "ALLOW_REFRESH_TOKEN_AUTH")]
    RefreshToken,
    /// Accepted for compatibility.
    #[serde(rename = "ALLOW_USER_AUTH")]
    User,
    /// The password is sent.
    #[serde(rename = "ALLOW_USER_PASSWORD_AUTH")]
    UserPassword,
    /// The password is proven (Secure Remote Password).
    #[serde(rename = "ALLOW_USER_SRP_AUTH")]
    UserSrp,
}

/// An OAuth grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OAuthGrant {
    /// The authorization code grant.
    Code,
    /// The implicit grant: tokens in the fragment of the callback URL.
    Implicit,
    /// Tokens for the client itself.
    ClientCredentials,
}

impl AuthFlow {
    /// Returns the flow with a name, with or without `ALLOW_`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.strip_prefix("ALLOW_").unwrap_or(name) {
            "ADMIN_USER_PASSWORD_AUTH" => Self::AdminUserPassword,
            "CUSTOM_AUTH" => Self::Custom,
            "REFRESH_TOKEN_AUTH" => Self::RefreshToken,
            "USER_AUTH" => Self::User,
            "USER_PASSWORD_AUTH" => Self::UserPassword,
            "USER_SRP_AUTH" => Self::UserSrp,
            _ => return None,
        })
    }
}

impl AppClient {
    /// Returns a client without callbacks and grants, with Cognito's defaults.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            secret: None,
            callback_urls: Vec::new(),
            logout_urls: Vec::new(),
            flows: [AuthFlow::RefreshToken, AuthFlow::UserSrp, AuthFlow::Custom].into(),
            grants: BTreeSet::new(),
            scopes: Vec::new(),
            requires_pkce: true,
            lifetimes: Lifetimes::default(),
            refresh_token_rotation: None,
            auth_session_minutes: DEFAULT_AUTH_SESSION_MINUTES,
            hides_unknown_users: true,
        }
    }

    /// Checks whether the client enables a sign-in without the hosted UI.
    pub(crate) fn allows_flow(&self, flow: AuthFlow) -> bool {
        self.flows.contains(&flow)
    }

    /// Checks whether the client enables a grant.
    pub(crate) fn allows_grant(&self, grant: OAuthGrant) -> bool {
        self.grants.contains(&grant)
    }

    /// Checks the secret that a client presents; a public client must present none.
    pub(crate) fn accepts_secret(&self, presented: Option<&str>) -> bool {
        match (&self.secret, presented) {
            (None, None) => true,
            (Some(expected), Some(presented)) => is_same(expected, presented),
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

/// In clients that earlier versions stored, a sign-in waits as long as it did then.
fn longest_auth_session() -> u8 {
    MAX_AUTH_SESSION_MINUTES
}

/// Clients that earlier versions stored hide unknown users.
fn hides_unknown_users() -> bool {
    true
}

impl fmt::Debug for AppClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppClient")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("callback_urls", &self.callback_urls)
            .field("logout_urls", &self.logout_urls)
            .field("flows", &self.flows)
            .field("grants", &self.grants)
            .field("scopes", &self.scopes)
            .field("requires_pkce", &self.requires_pkce)
            .field("lifetimes", &self.lifetimes)
            .field("refresh_token_rotation", &self.refresh_token_rotation)
            .field("auth_session_minutes", &self.auth_session_minutes)
            .field("hides_unknown_users", &self.hides_unknown_users)
            .finish_non_exhaustive()
    }
}
