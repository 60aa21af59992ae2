//! The compact serialization of a token (RFC 7515 §3.1): size, characters and parts.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::NO_PAD;
use base64::engine::simd::Simd;

use crate::token_error::TokenError;

/// Maximum length of a token: the longest of Cognito, with room for custom claims.
pub(crate) const MAX_TOKEN_BYTES: usize = 8 * 1024;
/// Maximum length of the encoded header.
pub(crate) const MAX_HEADER_BYTES: usize = 1024;

/// Detects the processor features once.
static BASE64URL: LazyLock<Simd> = LazyLock::new(|| Simd::url_safe(NO_PAD));

/// The three encoded parts of a token.
pub(crate) struct CompactToken<'t> {
    pub(crate) header: &'t str,
    pub(crate) payload: &'t str,
    pub(crate) signature: &'t str,
    /// The signed part: header, dot, payload.
    pub(crate) signed: &'t str,
}

impl<'t> CompactToken<'t> {
    /// Splits a token without allocating or decoding (JWT-04, JWT-05, JWT-14).
    pub(crate) fn split(token: &'t str) -> Result<Self, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong);
        }
        if !token.bytes().all(is_token_byte) {
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

/// Decodes a part; only the canonical encoding is accepted.
pub(crate) fn decode(part: &str) -> Result<Vec<u8>, TokenError> {
    BASE64URL.decode(part).map_err(|_| TokenError::Encoding)
}

/// Returns whether a byte occurs in tokens. A table, since every byte of every token is checked.
fn is_token_byte(byte: u8) -> bool {
    static ALLOWED: [bool; 256] = {
        let mut allowed = [false; 256];
        let mut bytes: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
        while let [byte, rest @ ..] = bytes {
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
            let place = &mut allowed[*byte as usize];
            *place = true;
            bytes = rest;
        }
        allowed
    };
    ALLOWED.get(usize::from(byte)).copied().unwrap_or_default()
}
