//! Verifies the access tokens that this pool has issued.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use uuid::Uuid;

use crate::scope::Scopes;
use crate::token_issuer::TokenIssuer;

/// Maximum size of an access token; one with a hundred groups is far smaller.
const MAX_BYTES: usize = 32 * 1024;

/// The claims that the pool's own endpoints need.
#[derive(Deserialize)]
pub(crate) struct AccessTokenClaims {
    pub(crate) sub: Uuid,
    pub(crate) origin_jti: Uuid,
    pub(crate) scope: Scopes,
    iss: String,
    token_use: String,
    /// Unix time at which it expires.
    pub(crate) exp: i64,
}

impl TokenIssuer {
    /// Returns the claims of a token that this pool has signed. It may have expired.
    pub(crate) fn read_access_token(&self, token: &str) -> Option<AccessTokenClaims> {
        let (message, signature) = token.rsplit_once('.').filter(|_| token.len() <= MAX_BYTES)?;
        // Only access tokens are signed with this key.
        if !self.keys.current().has_signed_access(message, signature) {
            return None;
        }
        let (_, payload) = message.split_once('.')?;
        let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let claims: AccessTokenClaims = serde_json::from_slice(&payload).ok()?;
        let is_valid = claims.iss == self.issuer && claims.token_use == "access";
        is_valid.then_some(claims)
    }
}
