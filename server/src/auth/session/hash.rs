//! Hash of a session id, which identifies a session without opening it (SES-01).

use tower_sessions::session::Id;

use crate::sha256::sha256;

/// Length of a SHA-256 in base64url without padding.
const LENGTH: usize = 43;

/// SHA-256 of a session id, in base64url. It cannot be used as a cookie.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionHash(String);

impl SessionHash {
    /// Returns the hash of a session id.
    pub(super) fn of(id: &Id) -> Self {
        Self(sha256(&id.0.to_be_bytes()))
    }

    /// Parses a hash from a form or a sort key.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_base64url = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
        let is_valid = text.len() == LENGTH && text.bytes().all(is_base64url);
        is_valid.then(|| Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
