//! A whole site on an embedded store, with the embedded pool behind it on a port of its own.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use gazette_domain::{
    Caller, Identity, NewsDesk, OperatorDesk, StoryInput, SystemTask, TokenUse, VerifiedClaims,
};
use gazette_server::application::{Application, BoundAddresses, StartFiles, build};
use gazette_server::build_info::BuildInfo;
use gazette_server::cached_router::CachedRouter;
use gazette_server::clock::Clock;
use gazette_server::config::{Variables, load};
use gazette_server::http::{Assets, StatusSampler};
use gazette_server::store::open_table;
use gazette_table::Table;
use gazette_user_pool::{NewUser, UserPool};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::gate::Gate;
use crate::pool_keys;
use crate::table::TestTable;
use crate::test_clock::TestClock;

/// The site's origin in all tests.
pub(crate) const SITE: &str = "http://localhost:3000";

/// Commit of the build in all tests.
pub(crate) const COMMIT: &str = "0123456789ab";

/// `Cache-Control` of public pages: browsers ask each time, a shared cache once a minute.
pub(crate) const PUBLIC: &str =
    "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400";

/// Session key shared by all processes of a test.
pub(crate) const SESSION_KEY: &str = "c2Vzc2lvbiBrZXkgb2YgdGhlIHRlc3RzLCAzMiBieXQ=";

/// The people of every world; their passwords are `correct-horse-` and the name.
const PEOPLE: [(&str, &[&str]); 4] =
    [("ada", &["admin"]), ("ed", &["editor"]), ("wim", &["writer"]), ("rhea", &[])];

/// A running site.
pub(crate) struct World {
    pub(crate) router: CachedRouter,
    metrics: Router,
    pub(crate) status: StatusSampler,
    pub(crate) desk: NewsDesk,
    pub(crate) operator: OperatorDesk,
    pub(crate) pool: UserPool,
    pub(crate) pool_origin: String,
    pub(crate) gate: Arc<Gate>,
    pub(crate) table: TestTable,
    clock: Arc<TestClock>,
    pub(crate) data: TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct TestResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl TestResponse {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Variables)) -> Self {
        Self::build(change, None, TestClock::at_start_of_minute()).await
    }

    /// A site by the clock of the system, by which programs make one-time passwords.
    pub(crate) async fn by_system_clock(change: impl FnOnce(&mut Variables)) -> Self {
        Self::build(change, None, TestClock::default()).await
    }

    /// Another process on the same table, by the same clock.
    pub(crate) async fn beside(&self) -> Self {
        Self::build(|_| {}, Some(self.table.as_table()), Arc::clone(&self.clock)).await
    }

    /// A site on a table.
    pub(crate) async fn on(table: Arc<dyn Table>) -> Self {
        Self::build(|_| {}, Some(table), TestClock::at_start_of_minute()).await
    }

    async fn build(
        change: impl FnOnce(&mut Variables),
        table: Option<Arc<dyn Table>>,
        clock: impl Into<Arc<TestClock>>,
    ) -> Self {
        let test_clock = clock.into();
        let data = tempfile::tempdir().expect("a folder");
        pool_keys::write_missing(data.path());
        let mut settings = Variables::default();
        settings.set("GAZETTE_DATA_DIR", data.path().to_string_lossy());
        settings.set("GAZETTE_SESSION_KEY", SESSION_KEY);
        // Without optimisation a page takes many times as long.
        settings.set("GAZETTE_MAX_QUEUE_DELAY", "off");
        change(&mut settings);
        // The configuration refuses an https origin with the embedded pool, which only tests use.
        let public_url = settings.remove("GAZETTE_PUBLIC_URL");
        let mut config = load(&settings).expect("a good configuration");
        config.listen.public_url = public_url;
        let shared_clock = Arc::clone(&test_clock);
        let clock = Clock::new(move || shared_clock.now());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let pool_addr = listener.local_addr().expect("bound");
        let bound = BoundAddresses { site: config.listen.addr(), pool: Some(pool_addr) };
        let table = match table {
            Some(table) => table,
            None => open_table(&config.store, &clock).await.expect("a store"),
        };
        let table = TestTable::new(table);
        let seen = table.as_table();
        let build_info = BuildInfo::of_commit(Some(COMMIT));
        let files = StartFiles::unchecked(&config, Assets::default());
        let application = Box::pin(build(&config, build_info, bound, seen, files, clock)).await;
        let application = application.expect("built");
        let Application { router, pool, desk, operator, keys, oidc, metrics, status, .. } =
            application;
        let pool = pool.expect("the embedded pool");
        let gate = Gate::new(data.path());
        gate.serve(listener, pool.router());
        keys.refresh().await.expect("the pool gives its keys");
        oidc.prepare().await.expect("the pool describes itself");
        let pool_origin = format!("http://localhost:{}", pool_addr.port());
        Self {
            router,
            metrics,
            status,
            desk,
            operator,
            pool,
            pool_origin,
            gate,
            table,
            clock: test_clock,
            data,
        }
    }

    /// A world in which people can sign in.
    pub(crate) async fn peopled() -> Self {
        let world = Self::new().await;
        world.people().await;
        world
    }

    pub(crate) async fn people(&self) {
        for (name, groups) in PEOPLE {
            let new = NewUser {
                username: name.to_owned(),
                email: format!("{name}@example.com"),
                password: format!("correct-horse-{name}"),
                groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            };
            self.pool.directory().add_user(new).await.expect("a new user");
        }
    }

    /// Moves the clock of the site and the pool forward.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.move_forward(seconds);
    }

    /// Stops the clock of the site and the pool.
    pub(crate) fn stop_clock(&self) {
        self.clock.stop();
    }

    /// Returns the time of the site and the pool.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Publishes `count` stories; "Story 0" is the newest.
    pub(crate) async fn publish(&self, count: i64) {
        for number in 0..count {
            let published_at = self.now() - SignedDuration::from_mins(number + 1);
            let headline = format!("Story {number}");
            let input = StoryInput {
                summary: format!("What story {number} is about."),
                section: if number % 2 == 0 { "World" } else { "Sport" }.to_owned(),
                tags: vec!["Rivers".to_owned()],
                authors: vec!["Ada Reed".to_owned()],
                ..StoryInput::new(headline, "A **bold** word.", published_at)
            };
            self.operator.publish(SystemTask::Setup, input).await.expect("published");
        }
    }

    /// Sends a request, to the site's own host if it names none.
    pub(crate) async fn send(&self, request: Request<Body>) -> TestResponse {
        let (status, headers, body) = self.send_for_bytes(request).await;
        let body = String::from_utf8(body).expect("text");
        TestResponse { status, headers, body }
    }

    /// The same, for a body that may be compressed.
    pub(crate) async fn send_for_bytes(
        &self,
        mut request: Request<Body>,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let host = HeaderValue::from_static("localhost:3000");
        request.headers_mut().entry(HOST).or_insert(host);
        let response = self.router.clone().answer(request).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        (parts.status, parts.headers, body.to_vec())
    }

    /// A request without any sign of who sends it.
    pub(crate) async fn anonymous(&self, method: Method, path: &str) -> TestResponse {
        self.send(request(method, path).body(Body::empty()).expect("a request")).await
    }

    /// Reads the metrics from their own address.
    pub(crate) async fn metrics(&self) -> String {
        let asked = request(Method::GET, "/metrics").body(Body::empty()).expect("a request");
        let answer = self.metrics.clone().oneshot(asked).await.expect("an answer");
        let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        String::from_utf8(body.to_vec()).expect("text")
    }

    pub(crate) async fn get(&self, path: &str) -> TestResponse {
        self.anonymous(Method::GET, path).await
    }

    /// Requests a page as a browser does.
    pub(crate) async fn page(&self, path: &str) -> TestResponse {
        let request = request(Method::GET, path).header("accept", "text/html,*/*;q=0.8");
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn bearer(&self, method: Method, path: &str, token: &str) -> TestResponse {
        let request = request(method, path).header(AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// The tokens of one of the people, as a program gets them.
    pub(crate) async fn tokens(&self, name: &str) -> Value {
        let body = json!({
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": "gazettecli",
            "AuthParameters": { "USERNAME": name, "PASSWORD": format!("correct-horse-{name}") },
        });
        let answer = reqwest::Client::new()
            .post(&self.pool_origin)
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth")
            .body(body.to_string())
            .send()
            .await
            .expect("the pool answers");
        let answer: Value = answer.json().await.expect("JSON");
        answer["AuthenticationResult"].clone()
    }

    pub(crate) async fn access_token(&self, name: &str) -> String {
        self.tokens(name).await["AccessToken"].as_str().expect("a token").to_owned()
    }
}

/// An admin, for calls of the desk without HTTP.
pub(crate) fn admin() -> Caller {
    Caller::SignedIn(Identity::from_verified(VerifiedClaims {
        sub: "sub-of-admin".to_owned(),
        username: "admin".to_owned(),
        email: None,
        email_verified: false,
        groups: vec!["admin".to_owned()],
        scope: String::new(),
        client_role: None,
        token_use: TokenUse::Id,
        expires_at: i64::MAX,
    }))
}

pub(crate) fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path)
}
