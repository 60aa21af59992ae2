//! The rules for a token's header.

use crate::keys::is_key_id;
use crate::strict_json::Object;
use crate::token_error::TokenError;

/// The only members Cognito sends, and `typ`, which other issuers of its form add.
const ACCEPTED: [&str; 3] = ["alg", "kid", "typ"];

/// Checks the header and gives the id of the key that is said to have signed.
///
/// Nothing in a header is ever acted upon: members that would make a verifier fetch,
/// decompress or trust something (`jku`, `x5u`, `x5c`, `jwk`, `zip`, `crit`, `b64`, …) are
/// refused by not being among the accepted ones (JWT-09, JWT-10).
pub(crate) fn key_id<'h>(header: &'h Object<'_>) -> Result<&'h str, TokenError> {
    if text(header, "alg") != Some("RS256") {
        return Err(TokenError::Algorithm);
    }
    if header.names().any(|name| !ACCEPTED.contains(&name)) {
        return Err(TokenError::Header);
    }
    if header.has("typ") && text(header, "typ") != Some("JWT") {
        return Err(TokenError::Type);
    }
    text(header, "kid").filter(|kid| is_key_id(kid)).ok_or(TokenError::KeyId)
}

fn text<'h>(header: &'h Object<'_>, name: &str) -> Option<&'h str> {
    header.get(name)?.as_str()
}
