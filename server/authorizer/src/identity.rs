//! The only two sources of an [`Identity`]: a token with a verified signature, and a session
//! that the server stored for one.

use gazette_domain::{Identity, TokenUse, VerifiedClaims};
use serde::{Deserialize, Serialize};

use crate::rules::UnverifiedClaims;
use crate::signature::VerifiedSignature;
use crate::token_error::TokenError;

/// A token whose claims obey the rules and whose signature was verified. It may have expired.
#[derive(Clone, Debug)]
pub(crate) struct VerifiedToken {
    identity: Identity,
    starts_at: i64,
}

impl VerifiedToken {
    /// Makes it from claims, given the proof that the signature was verified.
    pub(crate) fn new(claims: UnverifiedClaims, _: VerifiedSignature) -> Self {
        let UnverifiedClaims { claims, starts_at } = claims;
        Self { identity: identity_of(claims), starts_at }
    }

    /// Returns the identity if the token is valid now.
    ///
    /// Expiry is checked last of all rules, so that only an otherwise valid token is reported as
    /// expired.
    pub(crate) fn identity_at(self, now: i64, clock_skew: u32) -> Result<Identity, TokenError> {
        let skew = i64::from(clock_skew);
        if self.starts_at > now.saturating_add(skew) {
            return Err(TokenError::Future);
        }
        if now >= self.identity.claims().expires_at.saturating_add(skew) {
            return Err(TokenError::Expired);
        }
        Ok(self.identity)
    }
}

/// The part of an identity that a session stores, without any token.
///
/// The fields are private: a value comes from an [`Identity`] or from the session store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionClaims {
    sub: String,
    username: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
    groups: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    scope: String,
    token_use: StoredTokenUse,
    expires_at: i64,
}

impl SessionClaims {
    /// Returns the subject of the user.
    pub fn sub(&self) -> &str {
        &self.sub
    }

    /// Returns the groups of the user.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// Returns when the token expires, in seconds since the Unix epoch.
    pub fn expires_at(&self) -> i64 {
        self.expires_at
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredTokenUse {
    Access,
    Id,
}

impl From<&Identity> for SessionClaims {
    fn from(identity: &Identity) -> Self {
        let claims = identity.claims().clone();
        Self {
            sub: claims.sub,
            username: claims.username,
            email: claims.email,
            email_verified: claims.email_verified,
            groups: claims.groups,
            scope: claims.scope,
            token_use: claims.token_use.into(),
            expires_at: claims.expires_at,
        }
    }
}

/// Restores the identity of a session.
///
/// Call it only with a record from the server's own session store: it checks neither a
/// signature nor the expiry. Data from any other source must be a token.
pub fn restore(session: SessionClaims) -> Identity {
    identity_of(VerifiedClaims {
        sub: session.sub,
        username: session.username,
        email: session.email,
        email_verified: session.email_verified,
        groups: session.groups,
        // Only people have sessions.
        client_role: None,
        scope: session.scope,
        token_use: session.token_use.into(),
        expires_at: session.expires_at,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that creates identities: from verified tokens and stored sessions"
)]
fn identity_of(claims: VerifiedClaims) -> Identity {
    Identity::from_verified(claims)
}

impl From<TokenUse> for StoredTokenUse {
    fn from(token_use: TokenUse) -> Self {
        match token_use {
            TokenUse::Access => Self::Access,
            TokenUse::Id => Self::Id,
        }
    }
}

impl From<StoredTokenUse> for TokenUse {
    fn from(stored: StoredTokenUse) -> Self {
        match stored {
            StoredTokenUse::Access => Self::Access,
            StoredTokenUse::Id => Self::Id,
        }
    }
}
