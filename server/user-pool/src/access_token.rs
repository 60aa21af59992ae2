//! Reads back the access tokens that this pool has made.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use uuid::Uuid;

use crate::scope::Scopes;
use crate::token::Mint;

/// Far more than an access token of a hundred groups has.
const MAX_BYTES: usize = 32 * 1024;

/// What an access token says, as far as the pool's own endpoints ask.
#[derive(Deserialize)]
pub(crate) struct AccessTokenClaims {
    pub(crate) sub: Uuid,
    pub(crate) origin_jti: Uuid,
    pub(crate) scope: Scopes,
    iss: String,
    token_use: String,
    exp: i64,
}

impl Mint {
    /// The claims of a token that this pool has signed and that is good at `now`.
    pub(crate) fn read_access_token(&self, token: &str, now: i64) -> Option<AccessTokenClaims> {
        let (message, signature) = token.rsplit_once('.').filter(|_| token.len() <= MAX_BYTES)?;
        // The key says which token it is: only access tokens are signed with this one.
        if !self.keys.access.has_signed(message, signature) {
            return None;
        }
        let (_, payload) = message.split_once('.')?;
        let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let claims: AccessTokenClaims = serde_json::from_slice(&payload).ok()?;
        let good = claims.iss == self.issuer && claims.token_use == "access" && now < claims.exp;
        good.then_some(claims)
    }
}
