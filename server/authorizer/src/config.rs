//! What an authorizer must be told.

use gazette_domain::TokenUse;
use url::Url;

use crate::address::is_trustworthy;

/// The largest difference between the pool's clock and ours that may be forgiven.
pub const MAX_CLOCK_SKEW_SECONDS: u32 = 60;

/// What an authorizer must be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizerConfig {
    /// The issuer, byte for byte as its tokens carry it.
    pub issuer: String,
    /// The app clients whose tokens are accepted as bearer tokens; at least one.
    pub client_ids: Vec<String>,
    /// The kinds of token accepted as bearer tokens; at least one.
    pub token_uses: Vec<TokenUse>,
    /// Seconds, at most [`MAX_CLOCK_SKEW_SECONDS`].
    pub clock_skew_seconds: u32,
}

/// Why no authorizer can work with a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The issuer is not an https address, nor an http one on this machine.
    #[error("the issuer must be an https URL (http only on loopback) without query and fragment")]
    Issuer,
    /// No client id, or an empty one.
    #[error("at least one client id is needed, and none may be empty")]
    ClientIds,
    /// No kind of bearer token is accepted.
    #[error("at least one kind of token must be accepted")]
    TokenUses,
    /// More than [`MAX_CLOCK_SKEW_SECONDS`].
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
        if self.token_uses.is_empty() {
            return Err(ConfigError::TokenUses);
        }
        if self.clock_skew_seconds > MAX_CLOCK_SKEW_SECONDS {
            return Err(ConfigError::ClockSkew);
        }
        Ok(())
    }
}

/// Whether the text can be an issuer (OIDC Discovery §3: no query, no fragment).
pub(crate) fn is_issuer(issuer: &str) -> bool {
    Url::parse(issuer)
        .is_ok_and(|url| is_trustworthy(&url) && url.query().is_none() && url.fragment().is_none())
}
