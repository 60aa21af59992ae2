//! The cost of requests relative to references. Run it with `make bench`.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark is run by hand"
)]

mod measure;
mod newsroom;

use std::hint::black_box;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use bytes::Bytes;
use gazette_domain::{OperatorDesk, StoryInput, SystemTask};
use gazette_server::application::{Application, BoundAddresses, StartFiles, build};
use gazette_server::build_info::BuildInfo;
use gazette_server::cached_router::CachedRouter;
use gazette_server::clock::Clock;
use gazette_server::config::{Config, Variables, load};
use gazette_server::http::Assets;
use gazette_server::store::open_table;
use gazette_table::Table;
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::measure::{ratio, show};

/// Number of interleaved rounds.
const ROUNDS: usize = 751;

fn main() {
    let runtime = Runtime::new().expect("a runtime");
    println!("Each line: cost relative to its reference, median of {ROUNDS} interleaved rounds.\n");
    pages(&runtime);
    store(&runtime);
    newsroom::list(&runtime);
    access_log(&runtime);
}

/// Measures pages and JSON through the router, relative to plain axum with the same bytes.
fn pages(runtime: &Runtime) {
    println!("\nanonymous requests through the router, relative to plain axum with the same bytes");
    let site = runtime.block_on(Site::with_stories(40));
    for (path, accept) in
        [("/", "text/html"), ("/news", "application/json"), ("/news/story-0", "text/html")]
    {
        let bytes = runtime.block_on(fetch(&site.router, path, accept));
        let content_type = [(CONTENT_TYPE, "text/html; charset=utf-8")];
        let plain = Router::new().route(path, get(move || async move { (content_type, bytes) }));
        let plain = CachedRouter::from(plain);
        let ask = |router: &CachedRouter| {
            black_box(runtime.block_on(fetch(router, path, accept)));
        };
        show(&format!("GET {path}"), ratio(ROUNDS, 5, || ask(&plain), || ask(&site.router)));
    }
}

/// Measures the embedded store with many stories, relative to one with few.
fn store(runtime: &Runtime) {
    println!("\nthe embedded store with 5,000 stories, relative to 100");
    let few = runtime.block_on(Site::with_stories(100));
    let many = runtime.block_on(Site::with_stories(5_000));
    for path in ["/news?limit=20", "/news/story-7"] {
        let ask = |router: &CachedRouter| {
            black_box(runtime.block_on(fetch(router, path, "application/json")));
        };
        show(&format!("GET {path}"), ratio(ROUNDS, 5, || ask(&few.router), || ask(&many.router)));
    }
}

/// Measures a cached page with the access log, relative to one without. The log has a filter and
/// a format as in production, and goes nowhere.
fn access_log(runtime: &Runtime) {
    println!("\na cached page with the access log, relative to one without");
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_writer(std::io::sink)
        .init();
    let quiet = runtime.block_on(Site::with_stories(40));
    let logged = runtime.block_on(Site::with_settings(40, |settings| {
        settings.set("GAZETTE_ACCESS_LOG", "on");
    }));
    let ask = |router: &CachedRouter| {
        black_box(runtime.block_on(fetch(router, "/", "text/html")));
    };
    show("GET /", ratio(ROUNDS, 50, || ask(&quiet.router), || ask(&logged.router)));
}

/// A site on its own embedded store.
struct Site {
    router: CachedRouter,
    _data: tempfile::TempDir,
}

impl Site {
    async fn with_stories(count: i64) -> Self {
        Self::with_settings(count, |_| {}).await
    }

    async fn with_settings(count: i64, change: impl FnOnce(&mut Variables)) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut settings = Variables::default();
        settings.set("GAZETTE_DATA_DIR", data.path().to_string_lossy());
        change(&mut settings);
        let config = load(&settings).expect("a configuration");
        let clock = Clock::system();
        let table = open_table(&config.store, &clock).await.expect("a store");
        let site = build_with_pool(&config, table, clock).await;
        // Pages are not finished before.
        site.oidc.prepare().await.expect("the pool describes itself");
        publish(&site.operator, count).await;
        Self { router: site.router, _data: data }
    }
}

/// Builds a site whose pool is served on an address of its own.
async fn build_with_pool(config: &Config, table: Arc<dyn Table>, clock: Clock) -> Application {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let bound = BoundAddresses { site: config.listen.addr(), pool: Some(address) };
    let files = StartFiles::unchecked(config, Assets::default());
    let site = build(config, BuildInfo::default(), bound, table, files, clock).await;
    let site = site.expect("a site");
    let pool = site.pool.as_ref().expect("the embedded pool").router();
    tokio::spawn(async move { axum::serve(listener, pool).await });
    site
}

async fn publish(desk: &OperatorDesk, count: i64) {
    for number in 0..count {
        let input = StoryInput {
            summary: "What it is about, in a sentence of ordinary length.".to_owned(),
            section: ["World", "Cities", "Science", "Sport"]
                [usize::try_from(number % 4).unwrap_or_default()]
            .to_owned(),
            tags: vec!["Rivers".to_owned(), "Trains".to_owned()],
            authors: vec!["Ada Reed".to_owned()],
            ..StoryInput::new(
                format!("Story {number}"),
                "A paragraph of **ordinary** length.\n\n".repeat(10),
                Timestamp::now() - SignedDuration::from_mins(number + 1),
            )
        };
        desk.publish(SystemTask::Import, input).await.expect("published");
    }
}

async fn fetch(router: &CachedRouter, path: &str, accept: &str) -> Bytes {
    let request = Request::builder().uri(path).header("host", "localhost").header("accept", accept);
    let request = request.body(Body::empty()).expect("a request");
    let response = router.clone().answer(request).await;
    assert!(response.status().is_success(), "{path}");
    to_bytes(response.into_body(), usize::MAX).await.expect("a body")
}
