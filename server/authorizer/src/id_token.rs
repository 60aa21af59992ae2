//! The additional rules for the ID token of a sign-in.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::json_value::Object;
use crate::token_error::TokenError;

/// Expected values in the ID token of a sign-in.
#[derive(Clone, Copy, Debug)]
pub struct IdTokenExpectations<'e> {
    /// App client that started the sign-in.
    pub client_id: &'e str,
    /// Nonce of the authorization request, which the token must contain. `None` for a refresh,
    /// because its token needs no nonce.
    pub nonce: Option<&'e str>,
    /// Access token of the same response, to check `at_hash` if present.
    pub access_token: Option<&'e str>,
}

impl IdTokenExpectations<'_> {
    pub(crate) fn check(&self, claims: &Object<'_>) -> Result<(), TokenError> {
        self.check_nonce(claims)?;
        self.check_access_token(claims)
    }

    fn check_nonce(&self, claims: &Object<'_>) -> Result<(), TokenError> {
        let Some(sent) = self.nonce else { return Ok(()) };
        match claims.text("nonce") {
            Some(nonce) if !sent.is_empty() && is_same(nonce, sent) => Ok(()),
            _ => Err(TokenError::Nonce),
        }
    }

    /// Compares `at_hash` with the left half of the access token's hash (OIDC Core §3.1.3.6).
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
