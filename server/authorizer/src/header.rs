//! The rules for the header of a token.

use crate::json_value::Object;
use crate::key_set::is_key_id;
use crate::token_error::TokenError;

/// The members that Cognito sends, and `typ`, which compatible issuers add.
const ACCEPTED_MEMBERS: [&str; 3] = ["alg", "kid", "typ"];

/// Checks the header and returns its key id.
///
/// All other members are refused, so that a header cannot make the verifier fetch, decompress
/// or trust anything (`jku`, `x5u`, `x5c`, `jwk`, `zip`, `crit`, `b64`, …; JWT-09, JWT-10).
pub(crate) fn key_id<'h>(header: &'h Object<'_>) -> Result<&'h str, TokenError> {
    if header.text("alg") != Some("RS256") {
        return Err(TokenError::Algorithm);
    }
    if header.names().any(|name| !ACCEPTED_MEMBERS.contains(&name)) {
        return Err(TokenError::Header);
    }
    if header.has("typ") && header.text("typ") != Some("JWT") {
        return Err(TokenError::Type);
    }
    header.text("kid").filter(|kid| is_key_id(kid)).ok_or(TokenError::KeyId)
}
