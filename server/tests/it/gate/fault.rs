//! Faults of the token endpoint, and how each changes its response.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::RsaKeyPair;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::jwt::{decode, encode, sign};

/// Target of redirects.
pub(super) const ELSEWHERE: &str = "/elsewhere";
/// Id of a key that the pool did not have at start.
pub(super) const NEW_KEY_ID: &str = "bmV3LWtleQ==";

/// Fault of each response of the token endpoint.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// A claim of the ID token has another value.
    Claim(&'static str, Value),
    /// A claim of the ID token is missing.
    NoClaim(&'static str),
    /// The ID token has another header and a valid signature.
    Header(Value),
    /// The ID token has the signature of another token.
    BadSignature,
    /// The ID token has no signature and `alg` `none`.
    Unsigned,
    /// The ID token is signed by a key that the pool never published.
    UnknownKey,
    /// The ID token is signed by a key that the pool has just published.
    RotatedJustBefore,
    /// The response has no ID token.
    NoIdToken,
    /// The response has no refresh token.
    NoRefreshToken,
    /// Another status and body.
    Response(u16, &'static str),
    /// A redirect to where the request would succeed.
    Redirect(u16),
    /// A body of one mebibyte.
    Huge,
    /// No response on an open connection.
    Slow,
    /// An OAuth error, once.
    ErrorOnce(&'static str),
}

impl Fault {
    /// Returns the response of a pool that ignores the request; `None` if the fault is in the ID
    /// token.
    pub(super) fn response(&self) -> Option<Pin<Box<dyn Future<Output = Response> + Send>>> {
        let answer = match self {
            Self::Response(status, body) => {
                (StatusCode::from_u16(*status).expect("a status"), *body).into_response()
            }
            Self::ErrorOnce(error) => {
                (StatusCode::BAD_REQUEST, json!({ "error": error }).to_string()).into_response()
            }
            Self::Redirect(status) => {
                let status = StatusCode::from_u16(*status).expect("a status");
                (status, [(LOCATION, ELSEWHERE)]).into_response()
            }
            Self::Huge => vec![b' '; 1024 * 1024].into_response(),
            Self::Slow => return Some(Box::pin(std::future::pending())),
            _ => return None,
        };
        Some(Box::pin(std::future::ready(answer)))
    }

    /// Puts the fault into the ID token of a response. Also returns a key that the pool is to
    /// publish.
    pub(super) fn apply(&self, body: &[u8], key_file: &Path) -> (Vec<u8>, Option<Arc<RsaKeyPair>>) {
        let mut response: Value = serde_json::from_slice(body).expect("JSON");
        let Some(token) = response["id_token"].as_str() else { return (body.to_vec(), None) };
        let missing = match self {
            Self::NoIdToken => Some("id_token"),
            Self::NoRefreshToken => Some("refresh_token"),
            _ => None,
        };
        if let Some(missing) = missing {
            response.as_object_mut().expect("an object").remove(missing);
            return (response.to_string().into(), None);
        }
        let mut new_key = None;
        let token = self.change_token(token, key_file, &mut new_key);
        response["id_token"] = json!(token);
        (response.to_string().into(), new_key)
    }

    fn change_token(
        &self,
        token: &str,
        key_file: &Path,
        new_key: &mut Option<Arc<RsaKeyPair>>,
    ) -> String {
        let parts: Vec<&str> = token.split('.').collect();
        let (mut header, mut claims) = (decode(parts[0]), decode(parts[1]));
        let mut key = Arc::new(read_key(key_file));
        match self {
            Self::Claim(name, value) => claims[*name] = value.clone(),
            Self::NoClaim(name) => drop(claims.as_object_mut().expect("claims").remove(*name)),
            Self::Header(other) => header = other.clone(),
            Self::Unsigned => {
                return format!("{}.{}.", encode(&json!({ "alg": "none" })), encode(&claims));
            }
            Self::BadSignature => {
                claims["email"] = json!("other@else.example");
                return format!("{}.{}.{}", parts[0], encode(&claims), parts[2]);
            }
            Self::UnknownKey | Self::RotatedJustBefore => {
                key = Arc::new(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"));
                header["kid"] = json!(NEW_KEY_ID);
                let is_published = matches!(self, Self::RotatedJustBefore);
                *new_key = is_published.then(|| Arc::clone(&key));
            }
            _ => unreachable!("not a fault of the ID token"),
        }
        sign(&key, &header, &claims)
    }
}

fn read_key(file: &Path) -> RsaKeyPair {
    RsaKeyPair::from_pkcs8(&std::fs::read(file).expect("a key")).expect("a key")
}
