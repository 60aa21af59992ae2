//! What an ID token must say beyond its own rules when somebody signs in.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::strict_json::Object;
use crate::token_error::TokenError;

/// What the ID token of a sign-in must answer to.
#[derive(Clone, Copy, Debug)]
pub struct IdTokenExpectations<'e> {
    /// The app client that asked.
    pub client_id: &'e str,
    /// The nonce that was sent: required of a sign-in, and then the token must carry it.
    /// `None` only for tokens had by a refresh, which need not carry one.
    pub nonce: Option<&'e str>,
    /// The access token that came with it, to check `at_hash` when there is one.
    pub access_token: Option<&'e str>,
}

impl IdTokenExpectations<'_> {
    pub(crate) fn check(&self, claims: &Object<'_>) -> Result<(), TokenError> {
        self.check_nonce(claims)?;
        self.check_access_token(claims)
    }

    fn check_nonce(&self, claims: &Object<'_>) -> Result<(), TokenError> {
        let Some(sent) = self.nonce else { return Ok(()) };
        let carried = claims.get("nonce").and_then(|nonce| nonce.as_str());
        match carried {
            Some(carried) if !sent.is_empty() && is_same(carried, sent) => Ok(()),
            _ => Err(TokenError::Nonce),
        }
    }

    /// The left half of the access token's hash (OIDC Core §3.1.3.6).
    fn check_access_token(&self, claims: &Object<'_>) -> Result<(), TokenError> {
        let (Some(claim), Some(token)) = (claims.get("at_hash"), self.access_token) else {
            return Ok(());
        };
        let hash = digest(&SHA256, token.as_bytes());
        let half = hash.as_ref().get(..16).ok_or(TokenError::AccessTokenHash)?;
        match claim.as_str() {
            Some(claim) if is_same(claim, &URL_SAFE_NO_PAD.encode(half)) => Ok(()),
            _ => Err(TokenError::AccessTokenHash),
        }
    }
}

fn is_same(left: &str, right: &str) -> bool {
    verify_slices_are_equal(left.as_bytes(), right.as_bytes()).is_ok()
}
