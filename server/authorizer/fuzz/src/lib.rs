//! Shared code of the targets: an authorizer with one key, whose private key is not available.

use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Waker};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gazette_authorizer::{Authorizer, AuthorizerConfig, KeySet, KeySource, TokenError};
use gazette_domain::TokenUse;

/// Seconds since the Unix epoch.
const NOW: i64 = 1_790_000_000;

static AUTHORIZER: LazyLock<Authorizer> = LazyLock::new(|| {
    let keys = KeySet::parse(include_bytes!("../corpus/key_set/pool.json")).expect("a key set");
    let config = AuthorizerConfig {
        issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123xyz".to_owned(),
        client_ids: vec!["1example23456789".to_owned()],
        client_roles: Vec::new(),
        token_uses: vec![TokenUse::Access, TokenUse::Id],
        resource: Some("https://news.example".to_owned()),
        clock_skew_seconds: 30,
    };
    Authorizer::new(config, Arc::new(KeySource::fixed(keys))).expect("an authorizer")
});

/// Header with the id of the key.
pub const HEADER: &str = r#"{"kid":"kid+of/ours=","alg":"RS256"}"#;

/// Verifies a token, which must be an error: no token can have a valid signature.
pub fn expect_error(token: &str) -> TokenError {
    let verified = pin!(AUTHORIZER.verify_bearer(token, NOW));
    match verified.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(error)) => error,
        Poll::Ready(Ok(identity)) => panic!("accepted: {identity:?}"),
        // An unknown key of a fixed source waits once for the lock.
        Poll::Pending => TokenError::UnknownKey,
    }
}

/// Returns a token with this header and payload, and an invalid signature.
pub fn token(header: &[u8], payload: &[u8]) -> String {
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    format!("{}.{}.{}", part(header), part(payload), part(&[1; 256]))
}
