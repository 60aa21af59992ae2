//! The compact form of a token: its size, its characters and its three parts.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::NO_PAD;
use base64::engine::simd::Simd;

use crate::token_error::TokenError;

/// The longest token: what Cognito sends at most, with room for custom claims.
pub(crate) const MAX_TOKEN_BYTES: usize = 8 * 1024;
/// The longest header part, as it is sent.
pub(crate) const MAX_HEADER_BYTES: usize = 1024;

/// Looks once what the processor can do.
static BASE64URL: LazyLock<Simd> = LazyLock::new(|| Simd::url_safe(NO_PAD));

/// The three parts, not yet decoded.
pub(crate) struct Compact<'t> {
    pub(crate) header: &'t str,
    pub(crate) payload: &'t str,
    pub(crate) signature: &'t str,
    /// What the signature is made over: header, dot, payload.
    pub(crate) signed: &'t str,
}

impl<'t> Compact<'t> {
    /// Takes the token apart; nothing is allocated or decoded (JWT-04, JWT-05, JWT-14).
    pub(crate) fn split(token: &'t str) -> Result<Self, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong);
        }
        // Every byte is looked at, without a way out in between: that runs on many at once.
        if !token.bytes().fold(true, |all, byte| all & is_token_byte(byte)) {
            return Err(TokenError::Characters);
        }
        let (header, rest) = token.split_once('.').ok_or(TokenError::Form)?;
        let (payload, signature) = rest.split_once('.').ok_or(TokenError::Form)?;
        let is_empty = header.is_empty() || payload.is_empty() || signature.is_empty();
        if is_empty || signature.contains('.') {
            return Err(TokenError::Form);
        }
        let (signed, _) = token.split_at(header.len() + 1 + payload.len());
        if header.len() > MAX_HEADER_BYTES {
            return Err(TokenError::TooLong);
        }
        Ok(Self { header, payload, signature, signed })
    }
}

/// The bytes of a part; one byte sequence has exactly one accepted spelling.
pub(crate) fn decode(part: &str) -> Result<Vec<u8>, TokenError> {
    BASE64URL.decode(part).map_err(|_| TokenError::Encoding)
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}
