use std::sync::Arc;
use std::time::Duration;

use gazette_domain::TokenUse;
use serde_json::json;
use tokio::time::{Instant, advance, pause, sleep, timeout};

use super::forge::*;
use super::stub::{Behaviour, Stub};
use crate::{Authorizer, DocumentError, KeyError, KeySource, KeySourceOptions, TokenError};

const PATH: &str = "/pool/.well-known/jwks.json";

fn good_keys() -> Behaviour {
    Behaviour::Json(jwks(&[jwk(ours(), KID)]))
}

fn quick() -> KeySourceOptions {
    KeySourceOptions {
        retry_first_every: Duration::from_millis(20),
        retry_every: Duration::from_millis(20),
        refresh_every: Duration::from_millis(50),
        cool_down: Duration::from_millis(400),
        ..KeySourceOptions::default()
    }
}

fn source(stub: &Stub, options: KeySourceOptions) -> Arc<KeySource> {
    Arc::new(KeySource::new(stub.url(PATH), options).unwrap())
}

fn authorizer(keys: &Arc<KeySource>) -> Authorizer {
    Authorizer::new(config(), Arc::clone(keys)).unwrap()
}

async fn until(mut is_so: impl FnMut() -> bool) {
    let wait = async {
        while !is_so() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), wait).await.unwrap();
}

#[test]
fn the_defaults_are_those_of_the_design() {
    let options = KeySourceOptions::default();
    assert_eq!(options.refresh_every, Duration::from_secs(10 * 60));
    assert_eq!(options.cool_down, Duration::from_secs(10));
    assert_eq!(options.max_stale, Duration::from_secs(24 * 60 * 60));
    assert_eq!(options.total_timeout, Duration::from_secs(3));
}

#[test]
fn keys_come_over_https_or_from_this_machine() {
    for address in ["http://example.com/jwks", "ftp://localhost/", "https://user:pw@example.com/"] {
        let made = KeySource::new(address.parse().unwrap(), KeySourceOptions::default());
        assert!(matches!(made, Err(KeyError::Document(DocumentError::Address))), "{address}");
    }
    for address in ["https://example.com/jwks", "http://localhost:4000/jwks", "http://[::1]/"] {
        assert!(KeySource::new(address.parse().unwrap(), KeySourceOptions::default()).is_ok());
    }
}

#[tokio::test]
async fn f_15_the_key_server_is_down_at_the_start() {
    let stub = Stub::start(good_keys()).await;
    let (address, keys) = (stub.address, source(&stub, quick()));
    stub.stop().await;
    let refreshing = tokio::spawn(Arc::clone(&keys).keep_fresh());
    let authorizer = authorizer(&keys);
    for token_use in BOTH {
        let verified = authorizer.verify_bearer(&good(token_use), NOW).await;
        assert_eq!(verified, Err(TokenError::KeysUnavailable));
    }
    assert!(!authorizer.is_ready());

    let _stub = Stub::start_at(address, good_keys()).await;
    until(|| authorizer.is_ready()).await;
    assert!(authorizer.verify_bearer(&good(TokenUse::Access), NOW).await.is_ok());
    refreshing.abort();
}

#[tokio::test]
async fn f_15_the_first_token_brings_the_keys() {
    let stub = Stub::start(good_keys()).await;
    let authorizer = authorizer(&source(&stub, quick()));
    assert!(!authorizer.is_ready());
    assert!(authorizer.verify_bearer(&good(TokenUse::Access), NOW).await.is_ok());
    assert_eq!(stub.hits(), 1);
}

#[tokio::test]
async fn f_16_known_keys_serve_for_a_day_without_the_key_server() {
    let stub = Stub::start(good_keys()).await;
    let keys = source(&stub, KeySourceOptions::default());
    keys.refresh().await.unwrap();
    stub.stop().await;
    assert!(keys.refresh().await.is_err());
    let authorizer = authorizer(&keys);
    pause();
    advance(Duration::from_secs(24 * 60 * 60 - 60)).await;
    assert!(authorizer.verify_bearer(&good(TokenUse::Access), NOW).await.is_ok());
    advance(Duration::from_secs(120)).await;
    assert!(!authorizer.is_ready());
    let verified = authorizer.verify_bearer(&good(TokenUse::Access), NOW).await;
    assert_eq!(verified, Err(TokenError::KeysUnavailable));
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
    }
}

#[tokio::test]
async fn f_17_bad_answers_are_refused_and_the_old_keys_stay() {
    let stub = Stub::start(good_keys()).await;
    let options = KeySourceOptions { total_timeout: Duration::from_millis(500), ..quick() };
    let keys = source(&stub, options);
    keys.refresh().await.unwrap();
    let decoy = Stub::start(good_keys()).await;
    let good_body = String::from_utf8(jwks(&[jwk(theirs(), "theirs")])).unwrap();
    let answer = |head: &str, body: &str| {
        let length = body.len();
        Behaviour::Raw(format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n{body}"))
    };
    let redirect = format!("302 Found\r\nLocation: {}", decoy.url(PATH));
    let huge = format!("200 OK\r\nContent-Length: {}", 100 * 1024 * 1024);
    for (what, kind, behaviour) in [
        ("drip", "unreachable", Behaviour::Drip),
        ("endless", "too large", Behaviour::Endless),
        ("silent", "unreachable", Behaviour::Silent),
        ("redirect", "status", answer(&redirect, "")),
        ("permanent redirect", "status", answer(&redirect.replace("302", "308"), "")),
        ("404", "status", answer("404 Not Found", &good_body)),
        ("500", "status", answer("500 Oops", &good_body)),
        ("204", "status", answer("204 No Content", "")),
        ("HTML", "content type", answer("200 OK\r\nContent-Type: text/html", "<html></html>")),
        ("as text", "content type", answer("200 OK\r\nContent-Type: text/plain", &good_body)),
        ("untyped HTML", "malformed", answer("200 OK", "<html></html>")),
        ("cut short", "unreachable", Behaviour::Raw(format!("HTTP/1.1 {huge}\r\n\r\n{good_body}"))),
        ("no HTTP", "unreachable", Behaviour::Raw("SSH-2.0-OpenSSH\r\n".to_owned())),
        (
            "too large",
            "too large",
            Behaviour::Json(format!("{good_body}{}", " ".repeat(256 * 1024)).into()),
        ),
    ] {
        stub.behave(behaviour);
        let begun = Instant::now();
        assert_eq!(kind_of(&keys.refresh().await.unwrap_err()), kind, "{what}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{what}");
        assert!(keys.known(KID).is_some() && keys.known("theirs").is_none(), "{what}");
    }
    assert_eq!(decoy.hits(), 0);
}

#[tokio::test]
async fn the_key_of_a_usual_header_is_found_without_reading_it() {
    let stub = Stub::start(good_keys()).await;
    let keys = source(&stub, quick());
    let header = base64url(format!(r#"{{"kid":"{KID}","alg":"RS256"}}"#));
    assert!(keys.known_by_header(&header).is_none());
    keys.refresh().await.unwrap();
    assert!(keys.known_by_header(&header).is_some());
    assert!(keys.known_by_header(&base64url(r#"{"alg":"RS256"}"#)).is_none());
}

#[tokio::test]
async fn f_17_a_set_of_256_kib_is_the_largest() {
    let padded = |length: usize| {
        let mut set = jwks(&[jwk(ours(), KID)]);
        set.resize(length, b' ');
        Behaviour::Json(set)
    };
    let stub = Stub::start(padded(256 * 1024 + 1)).await;
    let keys = source(&stub, quick());
    assert_eq!(kind_of(&keys.refresh().await.unwrap_err()), "too large");
    stub.behave(padded(256 * 1024));
    keys.refresh().await.unwrap();
    assert!(keys.known(KID).is_some());
}

#[tokio::test]
async fn f_18_a_poisoned_set_never_replaces_a_good_one() {
    let stub = Stub::start(good_keys()).await;
    let keys = source(&stub, quick());
    keys.refresh().await.unwrap();
    let oct = json!({"kty": "oct", "kid": KID, "k": "c2VjcmV0"});
    for poison in [vec![], vec![oct.clone()], vec![jwk(theirs(), KID), jwk(theirs(), KID)]] {
        stub.behave(Behaviour::Json(jwks(&poison)));
        assert!(matches!(keys.refresh().await, Err(KeyError::NoUsableKey)));
        assert!(authorizer(&keys).verify_bearer(&good(TokenUse::Id), NOW).await.is_ok());
    }
    stub.behave(Behaviour::Json(jwks(&[oct, jwk(ours(), "fresh")])));
    keys.refresh().await.unwrap();
    assert!(keys.known("fresh").is_some() && keys.known(KID).is_none());
}

#[tokio::test]
async fn f_17_f_18_what_is_wrong_with_a_set_stands_in_the_log() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let listener = tracing_subscriber::fmt().with_writer(Arc::new(log.reopen().unwrap())).finish();
    let _listening = tracing::subscriber::set_default(listener);
    let said = || std::fs::read_to_string(log.path()).unwrap();
    let stub = Stub::start(good_keys()).await;
    let keys = source(&stub, quick());
    keys.refresh().await.unwrap();
    assert!(!said().contains("WARN"), "{}", said());
    let oct = json!({"kty": "oct", "kid": "oct", "k": "c2VjcmV0"});
    stub.behave(Behaviour::Json(jwks(&[jwk(ours(), KID), oct])));
    keys.refresh().await.unwrap();
    assert!(said().contains("the issuer's key set has unusable keys"), "{}", said());
    stub.behave(Behaviour::Raw("HTTP/1.1 500 Oops\r\n\r\n".to_owned()));
    assert_eq!(keys.key("unknown").await.err(), Some(TokenError::UnknownKey));
    assert!(said().contains("the answer's status is 500"), "{}", said());
}

#[tokio::test]
async fn f_19_atk_22_a_new_key_is_had_at_once_and_an_old_one_is_gone() {
    let stub = Stub::start(good_keys()).await;
    let keys = source(&stub, quick());
    let authorizer = authorizer(&keys);
    keys.refresh().await.unwrap();
    stub.behave(Behaviour::Json(jwks(&[jwk(theirs(), "rotated")])));
    for token_use in BOTH {
        let rotated = token(&header_with("kid", json!("rotated")), &claims(token_use), theirs());
        assert!(authorizer.verify_bearer(&rotated, NOW).await.is_ok());
        let old = authorizer.verify_bearer(&good(token_use), NOW).await;
        assert_eq!(old, Err(TokenError::UnknownKey));
    }
}

#[tokio::test]
async fn f_19_the_regular_refresh_takes_old_keys_away() {
    let stub = Stub::start(good_keys()).await;
    let keys = source(&stub, quick());
    let refreshing = tokio::spawn(Arc::clone(&keys).keep_fresh());
    until(|| keys.known(KID).is_some()).await;
    stub.behave(Behaviour::Json(jwks(&[jwk(theirs(), "rotated")])));
    until(|| keys.known(KID).is_none() && keys.known("rotated").is_some()).await;
    refreshing.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f_20_a_flood_of_unknown_keys_causes_one_fetch() {
    let stub = Stub::start(good_keys()).await;
    let keys = source(&stub, KeySourceOptions::default());
    keys.refresh().await.unwrap();
    let authorizer = authorizer(&keys);
    let payload = base64url(claims(TokenUse::Access).to_string());
    let flood: Vec<_> = (0..1_000)
        .map(|number| {
            let header = header_with("kid", json!(format!("unknown{number}")));
            let token = format!("{}.{payload}.AAAA", base64url(header.to_string()));
            let authorizer = authorizer.clone();
            tokio::spawn(async move { authorizer.verify_bearer(&token, NOW).await })
        })
        .collect();
    assert!(authorizer.verify_bearer(&good(TokenUse::Access), NOW).await.is_ok());
    for refused in flood {
        assert_eq!(refused.await.unwrap(), Err(TokenError::UnknownKey));
    }
    assert_eq!(stub.hits(), 2);
}

#[tokio::test]
async fn f_20_after_the_cool_down_the_issuer_is_asked_again() {
    let stub = Stub::start(good_keys()).await;
    let keys = source(&stub, quick());
    keys.refresh().await.unwrap();
    for _ in 0..10 {
        assert_eq!(keys.key("unknown").await.unwrap_err(), TokenError::UnknownKey);
    }
    assert_eq!(stub.hits(), 2);
    sleep(quick().cool_down).await;
    stub.behave(Behaviour::Json(jwks(&[jwk(ours(), KID), jwk(theirs(), "unknown")])));
    assert!(keys.key("unknown").await.is_ok());
    assert_eq!(stub.hits(), 3);
}

#[tokio::test]
async fn f_20_a_client_that_hangs_up_does_not_cost_the_others_the_fetch() {
    let stub = Stub::start(good_keys()).await;
    let keys = source(&stub, KeySourceOptions::default());
    keys.refresh().await.unwrap();
    let rotated = jwks(&[jwk(theirs(), "rotated")]);
    stub.behave(Behaviour::Late(Duration::from_millis(100), rotated));
    let hung_up = timeout(Duration::from_millis(20), keys.key("junk")).await;
    assert!(hung_up.is_err());
    assert!(keys.key("rotated").await.is_ok());
    assert_eq!(stub.hits(), 2);
}

#[tokio::test]
async fn f_20_a_fetch_under_way_serves_whoever_waits() {
    let rotated = jwks(&[jwk(theirs(), "rotated")]);
    let stub = Stub::start(Behaviour::Late(Duration::from_millis(100), rotated)).await;
    let keys = source(&stub, KeySourceOptions::default());
    let (refreshed, found) = tokio::join!(keys.refresh(), keys.key("rotated"));
    assert!(refreshed.is_ok() && found.is_ok());
    assert_eq!(stub.hits(), 1);
}

#[tokio::test]
async fn a_token_that_cannot_be_ours_never_asks_the_issuer() {
    let stub = Stub::start(good_keys()).await;
    let keys = source(&stub, quick());
    keys.refresh().await.unwrap();
    let authorizer = authorizer(&keys);
    for token_use in BOTH {
        let claims = claims_with(token_use, "iss", json!("https://evil.example"));
        let foreign = token(&header_with("kid", json!("foreign")), &claims, theirs());
        let verified = authorizer.verify_bearer(&foreign, NOW).await;
        assert_eq!(verified, Err(TokenError::Issuer));
    }
    assert_eq!(stub.hits(), 1);
}

#[tokio::test]
async fn fixed_keys_never_age() {
    let keys = crate::KeySet::parse(&jwks(&[jwk(ours(), KID)])).unwrap();
    let keys = KeySource::fixed(keys);
    pause();
    advance(Duration::from_secs(1_000_000)).await;
    assert!(keys.is_ready() && keys.refresh().await.is_ok());
    assert!(keys.key(KID).await.is_ok());
    assert_eq!(keys.key("unknown").await.unwrap_err(), TokenError::UnknownKey);
}

#[tokio::test]
async fn f_19_a_process_that_sleeps_fetches_when_it_is_time_and_not_more_often() {
    let stub = Stub::start(good_keys()).await;
    let keys = source(&stub, KeySourceOptions::default());
    keys.freshen().await;
    assert!(keys.is_ready());
    for _ in 0..3 {
        keys.freshen().await;
    }
    assert_eq!(stub.hits(), 1);
    pause();
    advance(Duration::from_secs(599)).await;
    keys.freshen().await;
    assert_eq!(stub.hits(), 1);
    stub.behave(Behaviour::Json(jwks(&[jwk(theirs(), "rotated")])));
    advance(Duration::from_secs(2)).await;
    keys.freshen().await;
    assert_eq!((stub.hits(), keys.known(KID).is_none()), (2, true));
}

#[tokio::test]
async fn f_16_a_process_that_sleeps_keeps_its_keys_while_the_key_server_is_away() {
    let stub = Stub::start(good_keys()).await;
    let keys = source(&stub, KeySourceOptions::default());
    keys.freshen().await;
    stub.behave(Behaviour::Raw("HTTP/1.1 500 No\r\n\r\n".to_owned()));
    pause();
    advance(Duration::from_secs(601)).await;
    for _ in 0..3 {
        keys.freshen().await;
    }
    assert_eq!((stub.hits(), keys.known(KID).is_some()), (2, true));
}

#[tokio::test]
async fn f_15_without_keys_nothing_is_said_of_any_token_that_could_be_one() {
    let stub = Stub::start(Behaviour::Raw("HTTP/1.1 500 No\r\n\r\n".to_owned())).await;
    let authorizer = authorizer(&source(&stub, KeySourceOptions::default()));
    let foreign = signed(&claims_with(TokenUse::Access, "iss", json!("https://other.example")));
    let refused = authorizer.verify_bearer(&foreign, NOW).await;
    assert_eq!(refused, Err(TokenError::KeysUnavailable));
}
