//! Entity tags made of the content, so that they are the same on every instance.

use axum::http::HeaderValue;

use crate::encoding::Encoding;
use crate::sha256::sha256;

/// Returns a strong entity tag: the hash of the bytes that are sent (RFC 9110 §8.8.3).
pub(crate) fn etag(body: &[u8]) -> String {
    etag_of_hash(&sha256(body))
}

/// Returns the entity tag of bytes with a hash.
pub(crate) fn etag_of_hash(hash: &str) -> String {
    format!("\"{}\"", short(hash))
}

/// Returns the entity tag of one version of a story.
pub(crate) fn version_etag(version: u64, body: &[u8]) -> String {
    format!("\"{version}-{}\"", short(&sha256(body)))
}

/// Returns the entity tag of an encoded form, which has other bytes. The dot is in no hash.
pub(crate) fn etag_of_form(etag: &HeaderValue, encoding: Encoding) -> Option<HeaderValue> {
    let tag = etag.to_str().ok()?.strip_suffix('"')?;
    HeaderValue::from_str(&format!("{tag}.{}\"", encoding.name())).ok()
}

fn short(hash: &str) -> &str {
    hash.get(..22).unwrap_or(hash)
}
