//! The cost of the newsroom's list, as an editor asks for it.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::{ACCEPT, AUTHORIZATION, HOST};
use gazette_server::application::Application;
use gazette_server::cached_router::CachedRouter;
use gazette_server::clock::Clock;
use gazette_server::config::{Variables, load};
use gazette_table::MemoryTable;
use gazette_user_pool::NewUser;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::measure::{ratio, show};
use crate::{build_with_pool, publish};

const ROUNDS: u16 = 51;
const PASSWORD: &str = "correct-horse-ed";

/// Measures the list with many stories, relative to few, and to the page of a story.
pub(crate) fn list(runtime: &Runtime) {
    println!("\nthe newsroom's list of 20,000 stories, relative to the same page with 200 stories");
    let few = runtime.block_on(Newsroom::with_stories(200));
    let many = runtime.block_on(Newsroom::with_stories(20_000));
    let paths = [
        "/desk",
        "/desk?sort=newest&page=200",
        "/desk?status=published&sort=headline",
        "/desk?q=story+199&sort=oldest",
        "/desk?section=world",
    ];
    for path in paths {
        let ask = |site: &Newsroom| runtime.block_on(site.fetch(path));
        show(&format!("GET {path}"), ratio(usize::from(ROUNDS), 5, || ask(&few), || ask(&many)));
        let began = Instant::now();
        (0..ROUNDS).for_each(|_| ask(&many));
        let mean = began.elapsed().as_secs_f64() * 1_000.0 / f64::from(ROUNDS);
        println!("  {mean:>8.3}  milliseconds a request");
    }
    println!("\nthe same list, relative to the page of a story for the same editor");
    let ask = |path: &str| runtime.block_on(many.fetch(path));
    show("GET /desk", ratio(usize::from(ROUNDS), 5, || ask("/news/story-7"), || ask("/desk")));
}

/// A site on a table in memory, and the token of an editor.
struct Newsroom {
    router: CachedRouter,
    authorization: String,
    _data: tempfile::TempDir,
}

impl Newsroom {
    async fn with_stories(count: i64) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut settings = Variables::default();
        settings.set("GAZETTE_DATA_DIR", data.path().to_string_lossy());
        let config = load(&settings).expect("a configuration");
        let clock = Clock::system();
        let table = Arc::new(MemoryTable::new(clock.seconds()));
        let site = build_with_pool(&config, table, clock).await;
        let Application { router, pool, operator, keys, .. } = site;
        let pool = pool.expect("the embedded pool");
        let editor = NewUser {
            username: "ed".to_owned(),
            email: "ed@example.com".to_owned(),
            password: PASSWORD.to_owned(),
            groups: vec!["editor".to_owned()],
        };
        pool.directory().add_user(editor).await.expect("a new user");
        keys.refresh().await.expect("the pool gives its keys");
        let (pool_origin, _) = pool.issuer().rsplit_once('/').expect("an origin");
        let token = access_token(pool_origin).await;
        publish(&operator, count).await;
        Self { router, authorization: format!("Bearer {token}"), _data: data }
    }

    async fn fetch(&self, path: &str) {
        let request = Request::builder()
            .uri(path)
            .header(HOST, "localhost")
            .header(ACCEPT, "text/html")
            .header(AUTHORIZATION, &self.authorization);
        let request = request.body(Body::empty()).expect("a request");
        let response = self.router.clone().answer(request).await;
        assert!(response.status().is_success(), "{path}");
        black_box(to_bytes(response.into_body(), usize::MAX).await.expect("a body"));
    }
}

async fn access_token(pool: &str) -> String {
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": "gazettecli",
        "AuthParameters": { "USERNAME": "ed", "PASSWORD": PASSWORD },
    });
    let answer = reqwest::Client::new()
        .post(pool)
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth")
        .body(body.to_string());
    let answer: Value = answer.send().await.expect("the pool answers").json().await.expect("JSON");
    answer["AuthenticationResult"]["AccessToken"].as_str().expect("a token").to_owned()
}
