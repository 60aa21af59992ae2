//! What things cost, each as a ratio to a reference that is measured in the same rounds:
//! machines differ and are noisy, ratios hardly.
//!
//! Run it with `make bench`.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark is run by hand"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use gazette_authorizer::{Authorizer, AuthorizerConfig, KeySet, KeySource};
use gazette_domain::{Caller, Draft, NewsDesk, Status, TokenUse};
use gazette_server::application::{Bound, build, open_table};
use gazette_server::clock::Clock;
use gazette_server::config::{Settings, load};
use gazette_server::http::Assets;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

const ROUNDS: usize = 15;
const ISSUER: &str = "https://issuer.example/pool";
const CLIENT: &str = "client";

fn main() {
    let runtime = Runtime::new().expect("a runtime");
    println!("Each line: cost in units of its reference, median of {ROUNDS} interleaved rounds.\n");
    tokens(&runtime);
    pages(&runtime);
    store(&runtime);
}

/// Tokens, against the bare RSA verification of the same signature.
fn tokens(runtime: &Runtime) {
    let pool = Pool::new();
    let now = Timestamp::now().as_second();
    let good = pool.token(&claims(now, 3_600, ISSUER));
    let (signed, signature) = good.rsplit_once('.').expect("three parts");
    let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64");
    let reference = || {
        let verified = pool.public.verify_sig(black_box(signed.as_bytes()), black_box(&signature));
        verified.expect("a good signature");
    };
    let authorizer = pool.authorizer();
    println!("tokens, against one bare RSA-2048 verification (aws-lc-rs, key parsed once)");
    let foreign = pool.token(&claims(now, 3_600, "https://issuer.example/other"));
    let unsigned = format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#));
    let forged = format!("{signed}.{}", URL_SAFE_NO_PAD.encode([7; 256]));
    for (name, token) in [
        ("accept a good token", good.clone()),
        ("refuse an expired one", pool.token(&claims(now - 7_200, 3_600, ISSUER))),
        ("refuse a forged one", forged),
        ("refuse a foreign one", foreign),
        ("refuse an unsigned one", unsigned),
        ("refuse a garbled one", "x".repeat(900)),
    ] {
        let verify = || {
            let _ = black_box(runtime.block_on(authorizer.verify_bearer(black_box(&token), now)));
        };
        show(name, ratio(500, reference, verify));
    }
}

/// Pages and JSON through the whole router, against bare axum that sends the same bytes.
fn pages(runtime: &Runtime) {
    println!("\nanonymous requests through the router, against bare axum with the same bytes");
    let site = runtime.block_on(Site::with_stories(40));
    for (path, accept) in
        [("/", "text/html"), ("/news", "application/json"), ("/news/story-0", "text/html")]
    {
        let bytes = runtime.block_on(fetch(&site.router, path, accept));
        let content_type = [(CONTENT_TYPE, "text/html; charset=utf-8")];
        let bare = Router::new().route(path, get(move || async move { (content_type, bytes) }));
        let ask = |router: &Router| {
            black_box(runtime.block_on(fetch(router, path, accept)));
        };
        show(&format!("GET {path}"), ratio(50, || ask(&bare), || ask(&site.router)));
    }
}

/// The embedded store with many stories, against the same with few.
fn store(runtime: &Runtime) {
    println!("\nthe embedded store with 5,000 stories, against 100");
    let few = runtime.block_on(Site::with_stories(100));
    let many = runtime.block_on(Site::with_stories(5_000));
    for path in ["/news?limit=20", "/news/story-7"] {
        let ask = |router: &Router| {
            black_box(runtime.block_on(fetch(router, path, "application/json")));
        };
        show(&format!("GET {path}"), ratio(50, || ask(&few.router), || ask(&many.router)));
    }
}

/// The cost of `subject` in units of `reference`: the ratio of their medians.
fn ratio(times: u32, mut reference: impl FnMut(), mut subject: impl FnMut()) -> f64 {
    let round = |work: &mut dyn FnMut()| {
        let began = Instant::now();
        (0..times).for_each(|_| work());
        began.elapsed()
    };
    let (mut references, mut subjects) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        references.push(round(&mut reference));
        subjects.push(round(&mut subject));
    }
    median(subjects).as_secs_f64() / median(references).as_secs_f64()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn show(name: &str, ratio: f64) {
    println!("  {ratio:>8.3}  {name}");
}

/// A pool's key, and what it signs.
struct Pool {
    pair: RsaKeyPair,
    public: ParsedPublicKey,
}

impl Pool {
    fn new() -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref());
        Self { pair, public: public.expect("a public key") }
    }

    fn token(&self, claims: &Value) -> String {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let header = json!({ "kid": "key", "alg": "RS256" });
        let signed = format!("{}.{}", part(&header), part(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        let signing = self.pair.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature);
        signing.expect("signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn authorizer(&self) -> Authorizer {
        let public = self.pair.public_key();
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let key = json!({
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "kid": "key",
            "n": number(public.modulus().big_endian_without_leading_zero()),
            "e": number(public.exponent().big_endian_without_leading_zero()),
        });
        let keys = KeySet::parse(json!({ "keys": [key] }).to_string().as_bytes()).expect("a key");
        let config = AuthorizerConfig {
            issuer: ISSUER.to_owned(),
            client_ids: vec![CLIENT.to_owned()],
            token_uses: vec![TokenUse::Access],
            clock_skew_seconds: 30,
        };
        Authorizer::new(config, Arc::new(KeySource::fixed(keys))).expect("an authorizer")
    }
}

fn claims(issued_at: i64, seconds: i64, issuer: &str) -> Value {
    json!({
        "sub": "a15a32e5-78e3-49a4-a17d-2a6b97dd27fb",
        "cognito:groups": ["admin", "editor"],
        "iss": issuer,
        "version": 2,
        "client_id": CLIENT,
        "origin_jti": "f1f9d2ea-51f2-4a3e-9b61-7a8e5bb0c3d8",
        "event_id": "0f0c4f4e-8a4e-4b51-9c1e-1f5f2b6f9a10",
        "token_use": "access",
        "scope": "openid email profile",
        "auth_time": issued_at,
        "exp": issued_at + seconds,
        "iat": issued_at,
        "jti": "3b0e3d59-35a4-4a3c-8a55-9f4f7a4d9a6b",
        "username": "ada",
    })
}

/// A whole site on an embedded store of its own.
struct Site {
    router: Router,
    _data: tempfile::TempDir,
}

impl Site {
    async fn with_stories(count: i64) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let data_dir = Some(data.path().to_string_lossy().into_owned());
        let config = load(Settings { data_dir, ..Settings::default() }).expect("a configuration");
        let clock = Clock::system();
        let table = open_table(&config.store, &clock).await.expect("a store");
        let bound = Bound { site: config.listen.addr, pool: None };
        let site = build(&config, bound, table, Assets::default(), clock).await.expect("a site");
        publish(&site.desk, count).await;
        Self { router: site.router, _data: data }
    }
}

async fn publish(desk: &NewsDesk, count: i64) {
    for number in 0..count {
        let draft = Draft {
            headline: format!("Story {number}"),
            summary: "What it is about, in a sentence of ordinary length.".to_owned(),
            body: "A paragraph of **ordinary** length.\n\n".repeat(10),
            section: ["World", "Cities", "Science", "Sport"]
                [usize::try_from(number % 4).unwrap_or_default()]
            .to_owned(),
            tags: vec!["Rivers".to_owned(), "Trains".to_owned()],
            author: "Ada Reed".to_owned(),
            image: None,
            published_at: Timestamp::now() - SignedDuration::from_mins(number + 1),
            status: Status::Published,
            slug: None,
            source: None,
        };
        desk.publish(&Caller::Operator, draft).await.expect("published");
    }
}

async fn fetch(router: &Router, path: &str, accept: &str) -> Bytes {
    let request = Request::builder().uri(path).header("accept", accept);
    let request = request.body(Body::empty()).expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    assert!(response.status().is_success(), "{path}");
    to_bytes(response.into_body(), usize::MAX).await.expect("a body")
}
