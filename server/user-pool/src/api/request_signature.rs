//! AWS Signature Version 4, the signature of Admin operations.
//!
//! It supports the calls of this API only: `POST /` without a query.
//! Source: AWS, "Create a signed AWS API request".

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::config::AccessKey;
use crate::secret::is_same;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SERVICE: &str = "cognito-idp";
/// Maximum difference between the clocks, in seconds.
const MAX_SKEW: i64 = 5 * 60;
/// Headers that a signature must cover, so that it cannot be reused for another call.
const REQUIRED_HEADERS: [&str; 3] = ["host", "x-amz-date", "x-amz-target"];

/// Error of a request that the administrator has not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SignatureError {
    #[error("Missing Authentication Token")]
    Missing,
    #[error("The security token included in the request is invalid.")]
    UnknownKey,
    #[error("The request signature we calculated does not match the signature you provided.")]
    Wrong,
    #[error("Signature expired or not yet current")]
    Time,
}

impl SignatureError {
    /// Returns the name of the exception.
    pub(super) fn exception(self) -> &'static str {
        match self {
            Self::Missing => "MissingAuthenticationTokenException",
            Self::UnknownKey => "UnrecognizedClientException",
            Self::Wrong | Self::Time => "InvalidSignatureException",
        }
    }
}

/// The parsed `Authorization` header.
struct Authorization<'h> {
    key_id: &'h str,
    scope: &'h str,
    signed_headers: &'h str,
    signature: &'h str,
}

/// Checks that the administrator signed this request within the last minutes, or, if it
/// `accepts_any`, that anyone did.
pub(super) fn check_signature(
    administrator: Option<&AccessKey>,
    accepts_any: bool,
    headers: &HeaderMap,
    body: &[u8],
    now: i64,
) -> Result<(), SignatureError> {
    let authorization = Authorization::parse(headers).ok_or(SignatureError::Missing)?;
    let key = administrator.filter(|key| is_same(&key.id, authorization.key_id));
    let Some(key) = key else {
        return if accepts_any { Ok(()) } else { Err(SignatureError::UnknownKey) };
    };
    let date = header_text(headers, "x-amz-date").ok_or(SignatureError::Missing)?;
    let signed_at = parse_timestamp(date).ok_or(SignatureError::Time)?;
    if signed_at.abs_diff(now) > MAX_SKEW.unsigned_abs() {
        return Err(SignatureError::Time);
    }
    let canonical = authorization.canonical_request(headers, body).ok_or(SignatureError::Wrong)?;
    let to_sign =
        format!("{ALGORITHM}\n{date}\n{}\n{}", authorization.scope, sha256(canonical.as_bytes()));
    let signing_key =
        signing_key(&key.secret, authorization.scope, date).ok_or(SignatureError::Wrong)?;
    let expected = hex(sign(&signing_key, to_sign.as_bytes()).as_ref());
    if is_same(&expected, authorization.signature) { Ok(()) } else { Err(SignatureError::Wrong) }
}

impl<'h> Authorization<'h> {
    fn parse(headers: &'h HeaderMap) -> Option<Self> {
        let fields = headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix(ALGORITHM)?;
        let field = |name: &str| {
            fields.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
        };
        let (key_id, scope) = field("Credential")?.split_once('/')?;
        Some(Self {
            key_id,
            scope,
            signed_headers: field("SignedHeaders")?,
            signature: field("Signature")?,
        })
    }

    /// Returns the canonical request, which both sides sign.
    fn canonical_request(&self, headers: &HeaderMap, body: &[u8]) -> Option<String> {
        let names: Vec<&str> = self.signed_headers.split(';').collect();
        if REQUIRED_HEADERS.iter().any(|name| !names.contains(name)) {
            return None;
        }
        let line = |name: &&str| Some(format!("{name}:{}\n", header_text(headers, name)?.trim()));
        let lines: String = names.iter().map(line).collect::<Option<_>>()?;
        Some(format!("POST\n/\n\n{lines}\n{}\n{}", self.signed_headers, sha256(body)))
    }
}

/// Derives the signing key for a day, a region and this service.
fn signing_key(secret: &str, scope: &str, date: &str) -> Option<Key> {
    let parts: Vec<&str> = scope.split('/').collect();
    let [day, region, service, terminator] = parts[..] else { return None };
    if !date.starts_with(day) || service != SERVICE || terminator != "aws4_request" {
        return None;
    }
    let first = Key::new(HMAC_SHA256, format!("AWS4{secret}").as_bytes());
    let parts = [day, region, service, terminator];
    Some(
        parts
            .iter()
            .fold(first, |key, part| Key::new(HMAC_SHA256, sign(&key, part.as_bytes()).as_ref())),
    )
}

fn header_text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Parses a time such as `20261121T104929Z` to Unix seconds.
fn parse_timestamp(date: &str) -> Option<i64> {
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}
