//! Entity tags made of the content, so that they are the same on every instance.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Returns a strong entity tag: the hash of the bytes that are sent (RFC 9110 §8.8.3).
pub(crate) fn etag(body: &[u8]) -> String {
    format!("\"{}\"", short_hash(body))
}

/// Returns the entity tag of one version of a story.
pub(crate) fn version_etag(version: u64, body: &[u8]) -> String {
    format!("\"{version}-{}\"", short_hash(body))
}

fn short_hash(body: &[u8]) -> String {
    let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, body));
    hash.get(..22).unwrap_or(&hash).to_owned()
}
