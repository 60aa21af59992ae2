//! The configuration of an authorizer.

use gazette_domain::TokenUse;
use url::Url;

use crate::address::is_trustworthy;
use crate::client_role::ClientRole;

/// Maximum tolerated difference between the pool's clock and this one.
pub const MAX_CLOCK_SKEW_SECONDS: u32 = 60;

/// Configuration of an authorizer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizerConfig {
    /// Issuer, byte for byte as in its tokens.
    pub issuer: String,
    /// App clients whose tokens are accepted as bearer tokens; at least one.
    pub client_ids: Vec<String>,
    /// Machine clients whose own tokens are accepted as bearer tokens, with their roles. Tokens
    /// that such a client got for a person are accepted only if `client_ids` names it too.
    pub client_roles: Vec<ClientRole>,
    /// Kinds of token accepted as bearer tokens; at least one.
    pub token_uses: Vec<TokenUse>,
    /// URL of this site, which `aud` of an access token must name if it is there. Without it,
    /// access tokens with `aud` are refused.
    pub resource: Option<String>,
    /// Tolerated clock difference, at most [`MAX_CLOCK_SKEW_SECONDS`].
    pub clock_skew_seconds: u32,
}

/// Error of an invalid configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The issuer is neither an https URL nor an http URL on loopback.
    #[error("the issuer must be an https URL (http only on loopback) without query and fragment")]
    Issuer,
    /// The list of client ids is empty, or one of them is.
    #[error("at least one client id is needed, and none may be empty")]
    ClientIds,
    /// Two roles for one client.
    #[error("each machine client may have one role only")]
    ClientRoles,
    /// The list of accepted kinds is empty.
    #[error("at least one kind of token must be accepted")]
    TokenUses,
    /// The clock skew is more than [`MAX_CLOCK_SKEW_SECONDS`].
    #[error("the clock skew must be at most {MAX_CLOCK_SKEW_SECONDS} seconds")]
    ClockSkew,
}

impl AuthorizerConfig {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        if !is_issuer(&self.issuer) {
            return Err(ConfigError::Issuer);
        }
        if self.client_ids.is_empty() || self.client_ids.iter().any(String::is_empty) {
            return Err(ConfigError::ClientIds);
        }
        if ClientRole::find_duplicate(&self.client_roles).is_some() {
            return Err(ConfigError::ClientRoles);
        }
        if self.token_uses.is_empty() {
            return Err(ConfigError::TokenUses);
        }
        if self.clock_skew_seconds > MAX_CLOCK_SKEW_SECONDS {
            return Err(ConfigError::ClockSkew);
        }
        Ok(())
    }
}

/// Checks that the text can be an issuer (OIDC Discovery §3: no query, no fragment).
pub(crate) fn is_issuer(issuer: &str) -> bool {
    Url::parse(issuer)
        .is_ok_and(|url| is_trustworthy(&url) && url.query().is_none() && url.fragment().is_none())
}
