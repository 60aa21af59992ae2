//! Hash under which a user appears in the log.

use crate::sha256::sha256;

/// Returns the SHA-256 hash of a `sub` in unpadded base64url, as the embedded pool logs it, too.
///
/// A `sub` is a random UUID, so the hash distinguishes users but cannot be reversed by guessing.
pub(crate) fn hash_for_log(sub: &str) -> String {
    sha256(sub.as_bytes())
}
