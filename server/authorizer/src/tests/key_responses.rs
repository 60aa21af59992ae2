//! Invalid responses of the key server.

use std::sync::Arc;
use std::time::Duration;

use gazette_domain::TokenUse;
use serde_json::json;
use tokio::time::Instant;

use super::fixtures::*;
use super::key_server::*;
use crate::{DocumentError, KeyError, KeySourceOptions, TokenError};

#[tokio::test]
async fn f_17_invalid_responses_are_refused_and_the_old_keys_stay() {
    let key_server = KeyServer::start(pool_keys()).await;
    let options =
        KeySourceOptions { total_timeout: Duration::from_millis(500), ..short_intervals() };
    let keys = source(&key_server, options);
    keys.refresh().await.unwrap();
    let other_server = KeyServer::start(pool_keys()).await;
    let other_keys = String::from_utf8(jwks(&[jwk(attacker_key(), "attacker")])).unwrap();
    let raw_response = |head: &str, body: &str| {
        let length = body.len();
        Response::Raw(format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n{body}"))
    };
    let redirect = format!("302 Found\r\nLocation: {}", other_server.url(PATH));
    let huge = format!("200 OK\r\nContent-Length: {}", 100 * 1024 * 1024);
    for (what, kind, response) in [
        ("drip", "unreachable", Response::Drip),
        ("endless", "too large", Response::Endless),
        ("silent", "unreachable", Response::Silent),
        ("redirect", "status", raw_response(&redirect, "")),
        ("permanent redirect", "status", raw_response(&redirect.replace("302", "308"), "")),
        ("404", "status", raw_response("404 Not Found", &other_keys)),
        ("500", "status", raw_response("500 Oops", &other_keys)),
        ("204", "status", raw_response("204 No Content", "")),
        (
            "HTML",
            "content type",
            raw_response("200 OK\r\nContent-Type: text/html", "<html></html>"),
        ),
        (
            "as text",
            "content type",
            raw_response("200 OK\r\nContent-Type: text/plain", &other_keys),
        ),
        ("untyped HTML", "malformed", raw_response("200 OK", "<html></html>")),
        ("cut short", "unreachable", Response::Raw(format!("HTTP/1.1 {huge}\r\n\r\n{other_keys}"))),
        ("no HTTP", "unreachable", Response::Raw("SSH-2.0-OpenSSH\r\n".to_owned())),
        (
            "too large",
            "too large",
            Response::Json(format!("{other_keys}{}", " ".repeat(256 * 1024)).into()),
        ),
    ] {
        key_server.respond_with(response);
        let started = Instant::now();
        assert_eq!(kind_of(&keys.refresh().await.unwrap_err()), kind, "{what}");
        assert!(started.elapsed() < Duration::from_secs(2), "{what}");
        assert!(
            keys.cached_key(KEY_ID).is_some() && keys.cached_key("attacker").is_none(),
            "{what}"
        );
    }
    assert_eq!(other_server.connections(), 0);
}

#[tokio::test]
async fn f_17_a_key_set_has_at_most_256_kib() {
    let padded = |length: usize| {
        let mut set = jwks(&[jwk(pool_key(), KEY_ID)]);
        set.resize(length, b' ');
        Response::Json(set)
    };
    let key_server = KeyServer::start(padded(256 * 1024 + 1)).await;
    let keys = source(&key_server, short_intervals());
    assert_eq!(kind_of(&keys.refresh().await.unwrap_err()), "too large");
    key_server.respond_with(padded(256 * 1024));
    keys.refresh().await.unwrap();
    assert!(keys.cached_key(KEY_ID).is_some());
}

#[tokio::test]
async fn f_18_an_unusable_set_never_replaces_a_usable_one() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, short_intervals());
    keys.refresh().await.unwrap();
    let oct = json!({"kty": "oct", "kid": KEY_ID, "k": "c2VjcmV0"});
    for unusable in
        [vec![], vec![oct.clone()], vec![jwk(attacker_key(), KEY_ID), jwk(attacker_key(), KEY_ID)]]
    {
        key_server.respond_with(Response::Json(jwks(&unusable)));
        assert!(matches!(keys.refresh().await, Err(KeyError::NoUsableKey)));
        assert!(
            authorizer_with(&keys).verify_bearer(&valid_token(TokenUse::Id), NOW).await.is_ok()
        );
    }
    key_server.respond_with(Response::Json(jwks(&[oct, jwk(pool_key(), "fresh")])));
    keys.refresh().await.unwrap();
    assert!(keys.cached_key("fresh").is_some() && keys.cached_key(KEY_ID).is_none());
}

#[tokio::test]
async fn f_17_f_18_errors_of_a_key_set_are_logged() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let subscriber =
        tracing_subscriber::fmt().with_writer(Arc::new(log.reopen().unwrap())).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let logged = || std::fs::read_to_string(log.path()).unwrap();
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, short_intervals());
    keys.refresh().await.unwrap();
    assert!(!logged().contains("WARN"), "{}", logged());
    let oct = json!({"kty": "oct", "kid": "oct", "k": "c2VjcmV0"});
    key_server.respond_with(Response::Json(jwks(&[jwk(pool_key(), KEY_ID), oct])));
    keys.refresh().await.unwrap();
    assert!(logged().contains("the issuer's key set has unusable keys"), "{}", logged());
    key_server.respond_with(Response::Raw("HTTP/1.1 500 Oops\r\n\r\n".to_owned()));
    assert_eq!(keys.key("unknown").await.err(), Some(TokenError::KeysUnavailable));
    assert!(logged().contains("the response has status 500"), "{}", logged());
}

fn kind_of(error: &KeyError) -> &'static str {
    match error {
        KeyError::Document(DocumentError::Unreachable(_)) => "unreachable",
        KeyError::Document(DocumentError::Status(_)) => "status",
        KeyError::Document(DocumentError::ContentType) => "content type",
        KeyError::Document(DocumentError::TooLarge) => "too large",
        KeyError::Document(DocumentError::Address | DocumentError::Client(_)) => "client",
        KeyError::Malformed => "malformed",
        KeyError::TooManyKeys => "too many keys",
        KeyError::NoUsableKey => "no usable key",
        KeyError::Document(DocumentError::File(_)) => "file",
    }
}
