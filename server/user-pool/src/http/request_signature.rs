//! AWS Signature Version 4, which the operations of administrators are signed with.
//!
//! Source: AWS, "Create a signed AWS API request". Only what a call of this API is: `POST /`
//! without a query.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::config::AccessKey;
use crate::secret::same;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SERVICE: &str = "cognito-idp";
/// How far the clocks may differ, in seconds.
const MAX_SKEW: i64 = 5 * 60;
/// Without these a signature could be moved to another call.
const MUST_BE_SIGNED: [&str; 3] = ["host", "x-amz-date", "x-amz-target"];

/// Why a request does not count as an administrator's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SignatureRefused {
    #[error("Missing Authentication Token")]
    Missing,
    #[error("The security token included in the request is invalid.")]
    UnknownKey,
    #[error("The request signature we calculated does not match the signature you provided.")]
    Wrong,
    #[error("Signature expired or not yet current")]
    Time,
}

impl SignatureRefused {
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Missing => "MissingAuthenticationTokenException",
            Self::UnknownKey => "UnrecognizedClientException",
            Self::Wrong | Self::Time => "InvalidSignatureException",
        }
    }
}

/// The parts of an `Authorization` header.
struct Claimed<'h> {
    key_id: &'h str,
    scope: &'h str,
    signed_headers: &'h str,
    signature: &'h str,
}

/// Checks that an administrator has signed this request just now.
pub(super) fn check_signature(
    administrator: Option<&AccessKey>,
    headers: &HeaderMap,
    body: &[u8],
    now: i64,
) -> Result<(), SignatureRefused> {
    let claimed = Claimed::read(headers).ok_or(SignatureRefused::Missing)?;
    let key = administrator.filter(|key| same(&key.id, claimed.key_id));
    let key = key.ok_or(SignatureRefused::UnknownKey)?;
    let date = text(headers, "x-amz-date").ok_or(SignatureRefused::Missing)?;
    let signed_at = seconds(date).ok_or(SignatureRefused::Time)?;
    if signed_at.abs_diff(now) > MAX_SKEW.unsigned_abs() {
        return Err(SignatureRefused::Time);
    }
    let canonical = claimed.canonical(headers, body).ok_or(SignatureRefused::Wrong)?;
    let to_sign =
        format!("{ALGORITHM}\n{date}\n{}\n{}", claimed.scope, sha256(canonical.as_bytes()));
    let signing_key =
        signing_key(&key.secret, claimed.scope, date).ok_or(SignatureRefused::Wrong)?;
    let expected = hex(sign(&signing_key, to_sign.as_bytes()).as_ref());
    if same(&expected, claimed.signature) { Ok(()) } else { Err(SignatureRefused::Wrong) }
}

impl<'h> Claimed<'h> {
    fn read(headers: &'h HeaderMap) -> Option<Self> {
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

    /// The request in the one form that both sides sign.
    fn canonical(&self, headers: &HeaderMap, body: &[u8]) -> Option<String> {
        let names: Vec<&str> = self.signed_headers.split(';').collect();
        if MUST_BE_SIGNED.iter().any(|name| !names.contains(name)) {
            return None;
        }
        let line = |name: &&str| Some(format!("{name}:{}\n", text(headers, name)?.trim()));
        let lines: String = names.iter().map(line).collect::<Option<_>>()?;
        Some(format!("POST\n/\n\n{lines}\n{}\n{}", self.signed_headers, sha256(body)))
    }
}

/// The key for a day, a region and this service.
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

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// `20261121T104929Z` in seconds since the Unix epoch.
fn seconds(date: &str) -> Option<i64> {
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
