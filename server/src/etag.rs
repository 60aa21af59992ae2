//! Entity tags made of the content, so that they are the same on every instance.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::encoding::Encoding;

/// Returns a strong entity tag: the hash of the bytes that are sent (RFC 9110 §8.8.3).
pub(crate) fn etag(body: &[u8]) -> String {
    format!("\"{}\"", short_hash(body))
}

/// Returns the entity tag of one version of a story.
pub(crate) fn version_etag(version: u64, body: &[u8]) -> String {
    format!("\"{version}-{}\"", short_hash(body))
}

/// Returns the entity tag of an encoded form, which has other bytes. The dot is in no hash.
pub(crate) fn etag_of_form(etag: &HeaderValue, encoding: Encoding) -> Option<HeaderValue> {
    let tag = etag.to_str().ok()?.strip_suffix('"')?;
    HeaderValue::from_str(&format!("{tag}.{}\"", encoding.name())).ok()
}

fn short_hash(body: &[u8]) -> String {
    let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, body));
    hash.get(..22).unwrap_or(&hash).to_owned()
}
