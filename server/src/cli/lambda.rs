//! Serves the site on AWS Lambda until the process is stopped.
//!
//! Lambda freezes the process between events, so nothing runs in the background: what other
//! servers do at intervals is done before a request, or at an event of a schedule.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, COOKIE};
use gazette_authorizer::KeySource;
use gazette_domain::{Area, Endpoint, OperatorDesk};
use gazette_table::Table;
use jiff::{SignedDuration, Timestamp};
use tokio_util::task::AbortOnDropHandle;

use crate::application::{Application, BoundAddresses, StartFiles, build, site_root};
use crate::auth::OidcClient;
use crate::background;
use crate::build_info::BuildInfo;
use crate::cached_router::CachedRouter;
use crate::clock::Clock;
use crate::config::{Config, Engine};
use crate::detached;
use crate::http::Assets;
use crate::lambda::{Event, Format, Invocation, RuntimeApi, bad_request, failed, out_of_time};
use crate::stop_signal::StopSignal;
use crate::store::open_table;

/// Time after which the changes of other instances are looked for.
const SYNC_INTERVAL: SignedDuration = SignedDuration::from_secs(1);
/// Time that changes have after their response.
const MAX_DETACHED: Duration = Duration::from_secs(10);

/// The site in this process.
struct Function {
    router: CachedRouter,
    operator: OperatorDesk,
    keys: Arc<KeySource>,
    oidc: Arc<OidcClient>,
    table: Arc<dyn Table>,
    clock: Clock,
    synced_at: Option<Timestamp>,
}

/// Handles the events of the Runtime API at `address`.
pub(super) async fn run(
    config: &Config,
    mut stop: StopSignal,
    build_info: BuildInfo,
    address: &str,
) -> Result<()> {
    let api = RuntimeApi::new(address)?;
    let mut function = match Function::start(config, build_info).await {
        Ok(function) => function,
        Err(error) => {
            api.fail_to_start(&format!("{error:#}")).await?;
            return Err(error);
        }
    };
    loop {
        let invocation = tokio::select! {
            next = api.next() => next?,
            () = stop.received() => return Ok(()),
        };
        match function.handle(&invocation).await {
            Ok(answer) => api.respond(&invocation.id, answer).await?,
            Err(error) => {
                tracing::error!(%error, "an event cannot be handled");
                api.fail(&invocation.id, &error.to_string()).await?;
            }
        }
        // Before the next event is asked for, since the process may be frozen then.
        detached::finish(MAX_DETACHED).await;
    }
}

impl Function {
    /// Builds the site. The configuration was checked; what does not answer yet is reported by
    /// `/readyz` and by the requests that need it, so that a start takes no longer than it must.
    async fn start(config: &Config, build_info: BuildInfo) -> Result<Self> {
        if matches!(config.store.engine, Engine::Embedded) {
            tracing::warn!(
                "the embedded store belongs to one process at a time; on AWS Lambda, use DynamoDB, or \
                 allow one instance only"
            );
        }
        let clock = Clock::system();
        let assets = Assets::read(&site_root(config))?;
        let files = StartFiles::unchecked(config, assets);
        let table = open_table(&config.store, &clock).await?;
        let bound = BoundAddresses { site: config.listen.addr(), pool: None };
        let application =
            build(config, build_info, bound, Arc::clone(&table), files, clock.clone()).await?;
        let Application { router, operator, keys, oidc, search, public_url, .. } = application;
        if config.store.lasting_folder().is_some() {
            tokio::spawn(search.keep_current());
        }
        let (version, store) = (env!("CARGO_PKG_VERSION"), config.store.describe());
        tracing::info!(version, store, public_url, "ready on AWS Lambda");
        Ok(Self { router, operator, keys, oidc, table, clock, synced_at: None })
    }

    /// Handles an event and returns its answer.
    async fn handle(&mut self, invocation: &Invocation) -> Result<Vec<u8>> {
        Ok(match Event::parse(&invocation.event)? {
            Event::Request(format, request) => {
                let time = invocation.time_left(self.clock.now().as_millisecond());
                let answered = tokio::time::timeout(time, self.answer(format, *request)).await;
                answered.unwrap_or_else(|_| {
                    tracing::error!("a request took longer than the function may");
                    out_of_time(format)
                })
            }
            Event::BadRequest(format, error) => bad_request(format, &error),
            Event::Schedule => {
                self.run_jobs().await;
                b"null".to_vec()
            }
        })
    }

    async fn answer(&mut self, format: Format, request: Request<Body>) -> Vec<u8> {
        if !is_for_everyone(&request) {
            self.prepare_sign_in().await;
        }
        self.sync().await;
        // A task of its own, so that a panic costs its request only (F-34); it ends with its request.
        let response = AbortOnDropHandle::new(tokio::spawn(self.router.clone().answer(request)));
        match response.await {
            Ok(response) => format.answer(response).await,
            Err(_) => failed(format),
        }
    }

    /// Fetches the keys of the user pool if they are due, and its endpoints unless they are known.
    async fn prepare_sign_in(&self) {
        if let ((), Err(error)) = tokio::join!(self.keys.refresh_if_due(), self.oidc.prepare()) {
            tracing::warn!(%error, "cannot sign people in yet");
        }
    }

    /// Learns of the changes of other instances, unless it just did.
    async fn sync(&mut self) {
        let now = self.clock.now();
        if self.synced_at.is_some_and(|at| now.duration_since(at).abs() < SYNC_INTERVAL) {
            return;
        }
        match self.operator.sync_with_log().await {
            Ok(()) => self.synced_at = Some(now),
            Err(error) => tracing::warn!(%error, "cannot check for changes by other instances"),
        }
    }

    /// Does what is due in the background.
    async fn run_jobs(&mut self) {
        self.sync().await;
        background::run_once(&self.operator, self.table.as_ref()).await;
    }
}

/// Checks for a request that reads what is the same for everyone. It needs nothing of the user pool,
/// so it does not wait for it.
fn is_for_everyone(request: &Request<Body>) -> bool {
    let (path, headers) = (request.uri().path(), request.headers());
    let has_caller = match Area::of_path(path) {
        Some(Area::Member | Area::Newsroom | Area::SignIn) => true,
        // It reports whether the pool answers.
        Some(Area::Machine) => path == Endpoint::Readiness.path(),
        Some(Area::Reader) | None => false,
    };
    request.method().is_safe()
        && !has_caller
        && !headers.contains_key(COOKIE)
        && !headers.contains_key(AUTHORIZATION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_requests_without_a_caller_are_for_everyone() {
        for (method, path, header, expected) in [
            ("GET", "/", "accept", true),
            ("HEAD", "/news", "accept", true),
            ("GET", "/assets/gazette.css", "accept", true),
            ("GET", "/favicon.ico", "accept", true),
            ("GET", "/", "cookie", false),
            ("GET", "/news", "authorization", false),
            ("DELETE", "/news", "accept", false),
            ("GET", "/account", "accept", false),
            ("GET", "/desk", "accept", false),
            ("GET", "/auth/login", "accept", false),
            ("GET", "/readyz", "accept", false),
        ] {
            let request = Request::builder().method(method).uri(path).header(header, "x");
            let request = request.body(Body::empty()).expect("a request");
            assert_eq!(is_for_everyone(&request), expected, "{method} {path} {header}");
        }
    }
}
