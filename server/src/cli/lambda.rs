//! Serves the site on AWS Lambda until the process is stopped.
//!
//! Lambda freezes the process between events, so nothing runs in the background: what other
//! servers do at intervals is done before a request, or at an event of a schedule.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::body::Body;
use axum::http::Request;
use gazette_authorizer::KeySource;
use gazette_domain::OperatorDesk;
use gazette_table::Table;
use jiff::{SignedDuration, Timestamp};
use tokio_util::task::AbortOnDropHandle;

use crate::application::{Application, BoundAddresses, build, site_root};
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
        let table = open_table(&config.store, &clock).await?;
        let bound = BoundAddresses { site: config.listen.addr(), pool: None };
        let application =
            build(config, build_info, bound, Arc::clone(&table), assets, clock.clone()).await?;
        let Application { router, operator, keys, oidc, search, public_url, .. } = application;
        if let ((), Err(error)) = tokio::join!(keys.refresh_if_due(), oidc.prepare()) {
            tracing::warn!(%error, "cannot sign people in yet");
        }
        if config.store.lasting_folder().is_some() {
            tokio::spawn(search.keep_current());
        }
        let (version, store) = (env!("CARGO_PKG_VERSION"), config.store.describe());
        tracing::info!(version, store, public_url, "ready on AWS Lambda");
        Ok(Self { router, operator, keys, table, clock, synced_at: None })
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
        self.keys.refresh_if_due().await;
        self.sync().await;
        // A task of its own, so that a panic costs its request only (F-34); it ends with its request.
        let response = AbortOnDropHandle::new(tokio::spawn(self.router.clone().answer(request)));
        match response.await {
            Ok(response) => format.answer(response).await,
            Err(_) => failed(format),
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
