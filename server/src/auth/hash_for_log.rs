//! Hash under which a user appears in the log.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Returns the SHA-256 hash of a `sub` in unpadded base64url, as the embedded pool logs it, too.
///
/// A `sub` is a random UUID, so the hash distinguishes users but cannot be reversed by guessing.
pub(crate) fn hash_for_log(sub: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, sub.as_bytes()))
}
