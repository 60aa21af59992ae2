//! The only two ways to an [`Identity`]: a token proven by its signature, and a record
//! the server made of such a one.

use gazette_domain::{Identity, TokenUse, VerifiedClaims};
use serde::{Deserialize, Serialize};

use crate::claims::Unproven;
use crate::signature::GoodSignature;
use crate::token_error::TokenError;

impl Unproven {
    /// Lets the claims count, since the signature of their token is good.
    ///
    /// Expiry comes last: only of a token that is otherwise good may it be told.
    pub(crate) fn prove(self, _: GoodSignature) -> Result<Identity, TokenError> {
        if self.is_expired {
            return Err(TokenError::Expired);
        }
        Ok(vouch(self.claims))
    }
}

/// What a session keeps of an identity: plain data, without any token.
///
/// Its fields are private: one is made from an identity, or read from where one was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionClaims {
    sub: String,
    username: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    groups: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    scope: String,
    token_use: StoredUse,
    expires_at: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredUse {
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
            groups: claims.groups,
            scope: claims.scope,
            token_use: claims.token_use.into(),
            expires_at: claims.expires_at,
        }
    }
}

/// Gives back the identity a session was begun with.
///
/// Only for a record that was read from the server's own session store: nothing is
/// checked here, neither a signature nor whether `expires_at` has passed. Anything that
/// has been out of the server's hands must come as a token.
pub fn restore(session: SessionClaims) -> Identity {
    vouch(VerifiedClaims {
        sub: session.sub,
        username: session.username,
        email: session.email,
        groups: session.groups,
        scope: session.scope,
        token_use: session.token_use.into(),
        expires_at: session.expires_at,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that vouches: for proven tokens and for the server's own sessions"
)]
fn vouch(claims: VerifiedClaims) -> Identity {
    Identity::from_verified(claims)
}

impl From<TokenUse> for StoredUse {
    fn from(token_use: TokenUse) -> Self {
        match token_use {
            TokenUse::Access => Self::Access,
            TokenUse::Id => Self::Id,
        }
    }
}

impl From<StoredUse> for TokenUse {
    fn from(stored: StoredUse) -> Self {
        match stored {
            StoredUse::Access => Self::Access,
            StoredUse::Id => Self::Id,
        }
    }
}
