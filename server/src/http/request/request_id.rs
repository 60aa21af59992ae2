//! Id of a request.

use std::fmt;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use ipnet::IpNet;
use jiff::Timestamp;
use uuid::fmt::Hyphenated;
use uuid::{Builder, Uuid};

use super::client_address::is_trusted;
use crate::listener::PeerAddress;

/// Header with the id of a request.
pub(in crate::http) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Room for an id of our own.
pub(in crate::http) type IdBuffer = [u8; Hyphenated::LENGTH];

/// Maximum length of an id that a proxy gives.
const MAX_BYTES: usize = 128;

/// Id of a request in its response, in the log and in the audit log.
#[derive(Clone, Debug)]
pub(in crate::http) enum RequestId {
    /// Made here.
    Own(Uuid),
    /// Given by a trusted proxy, whose log has it too.
    OfProxy(Arc<str>),
}

impl RequestId {
    /// Returns the id that a trusted proxy gave the request, else a new one.
    pub(in crate::http) fn of_new(request: &Request, trusted: &[IpNet]) -> Self {
        let given = || {
            let PeerAddress(peer) = request.extensions().get()?;
            let mut values = request.headers().get_all(REQUEST_ID).into_iter();
            let (value, another) = (values.next()?, values.next());
            if another.is_some() || !is_trusted(*peer, trusted) {
                return None;
            }
            value.to_str().ok().filter(|id| is_allowed(id)).map(Arc::from)
        };
        given().map_or_else(|| Self::Own(new_uuid()), Self::OfProxy)
    }

    /// Returns the id that the request log gave the request.
    pub(in crate::http) fn of(request: &Request) -> Self {
        request.extensions().get().cloned().unwrap_or(Self::Own(Uuid::nil()))
    }

    /// Returns the id as text, for which it may need a buffer.
    pub(in crate::http) fn as_text<'t>(&'t self, buffer: &'t mut IdBuffer) -> &'t str {
        match self {
            Self::Own(id) => id.hyphenated().encode_lower(buffer),
            Self::OfProxy(id) => id,
        }
    }

    /// Tells the client the id of its request.
    pub(in crate::http) fn add_to(&self, response: &mut Response) {
        if let Ok(value) = HeaderValue::from_str(self.as_text(&mut [0; _])) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(id) => id.fmt(f),
            Self::OfProxy(id) => f.write_str(id),
        }
    }
}

/// Returns a UUIDv7 without asking the system for random numbers, which would be two calls for each
/// request: an id has to be unique, but may be guessed.
fn new_uuid() -> Uuid {
    let mut random = [0; 10];
    fastrand::fill(&mut random);
    let millis = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Checks the length and the characters of an id: those of UUIDs, hexadecimal numbers, base64, and
/// paths of hosts and processes, none of which has to be escaped in a log, a page or a spreadsheet.
fn is_allowed(id: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.:/+=".contains(c);
    let begins_plainly = id.starts_with(|c: char| c.is_ascii_alphanumeric());
    begins_plainly && id.len() <= MAX_BYTES && id.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn own_ids_are_different_and_name_their_time() {
        let earlier = Timestamp::now().as_millisecond();
        let threads: Vec<_> = (0..8)
            .map(|_| std::thread::spawn(|| (0..10_000).map(|_| new_uuid()).collect::<Vec<_>>()))
            .collect();
        let ids = threads.into_iter().flat_map(|thread| thread.join().expect("ids"));
        let ids: HashSet<Uuid> = ids.collect();
        assert_eq!(ids.len(), 80_000);
        let later = Timestamp::now().as_millisecond();
        for id in ids {
            assert_eq!(id.get_version_num(), 7);
            let (seconds, nanos) = id.get_timestamp().expect("a time").to_unix();
            let millis =
                i64::try_from(seconds).expect("in range") * 1_000 + i64::from(nanos) / 1_000_000;
            assert!((earlier..=later).contains(&millis), "{id}");
        }
    }

    #[test]
    fn ids_of_common_proxies_are_kept() {
        let longest = "a".repeat(MAX_BYTES);
        for id in [
            "0190c5d2-5b3c-7aaa-bbbb-cccccccccccc",
            "7c5b2f0e9a4d4b1f8d3e6a7b8c9d0e1f",
            "Root=1-67891233-abcdef012345678912345678",
            "host/Zk3j9-000001",
            "C0A80101:C350_0A000001:0050_65A1B2C3_0001:1A2B",
            "dGhpcyBpcyBiYXNlNjQ+/w==",
            &longest,
        ] {
            assert!(is_allowed(id), "{id}");
        }
        let too_long = "a".repeat(MAX_BYTES + 1);
        for id in ["", " a", "a b", "a\"", "<b>", "é", "=1+1", "-1", "@x", "a,b", &too_long] {
            assert!(!is_allowed(id), "{id}");
        }
    }
}
