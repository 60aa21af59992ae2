//! Serves the site until a stop signal arrives, then drains.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use gazette_authorizer::KeySource;
use gazette_domain::OperatorDesk;
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::control::take_commands;
use super::first_start;
use super::listeners::Listeners;
use super::output::print_line;
use crate::application::{self, Application, BoundAddresses, preflight};
use crate::auth::OidcClient;
use crate::background;
use crate::build_info::BuildInfo;
use crate::clock::Clock;
use crate::config::{ActivePool, Config, KeyLocation, MetricsAddr};
use crate::error_causes::with_causes;
use crate::http::with_body_limits;
use crate::listener::bind;
use crate::stop_signal::StopSignal;
use crate::store::open_table;
#[cfg(feature = "otel")]
use crate::trace;

/// Time after which the endpoints of a user pool that does not answer are looked for again.
const DISCOVERY_INTERVAL: Duration = Duration::from_secs(10);

pub(super) async fn run(config: &Config, mut stop: StopSignal, build: BuildInfo) -> Result<()> {
    // A task of its own, since a large store opens without a pause in which to notice a signal.
    let starting = tokio::spawn(start(config.clone(), build));
    let (listeners, public_url) = tokio::select! {
        started = starting => started??,
        () = stop.received() => {
            tracing::info!("stopped before the site was ready");
            return Ok(());
        }
    };
    print_line(format_args!("gazette ready on {public_url}"));
    let served = listeners.run_until(&mut stop).await;
    #[cfg(feature = "otel")]
    trace::flush().await;
    served
}

/// Starts the site and returns its listeners and its origin.
async fn start(config: Config, build: BuildInfo) -> Result<(Listeners, String)> {
    let files = preflight(&config).await?;
    #[cfg(feature = "otel")]
    trace::start_export()?;
    let clock = Clock::system();
    let site = bind(config.listen.addr(), "GAZETTE_ADDR").await?;
    let pool = match config.pool.active() {
        ActivePool::Embedded(pool) => Some(bind(pool.addr, "GAZETTE_POOL_ADDR").await?),
        ActivePool::Cognito(_) => None,
    };
    let metrics = bind_metrics(&config).await?;
    let table = open_table(&config.store, &clock).await?;
    tokio::spawn(background::purge(Arc::clone(&table)));
    let pool_addr = pool.as_ref().map(TcpListener::local_addr).transpose()?;
    let bound = BoundAddresses { site: site.local_addr()?, pool: pool_addr };
    log_start(&config, bound);
    if let Some(metrics) = &metrics {
        tracing::info!(address = %metrics.local_addr()?, "metrics at /metrics");
    }
    let application =
        application::build(&config, build, bound, Arc::clone(&table), files, clock.clone()).await?;
    first_start::prepare(&config, &application, &clock).await?;
    spawn_background_jobs(&application.operator);
    tokio::spawn(application.search.clone().keep_current());
    let (desk, images) = (application.operator.clone(), application.images.clone());
    let (mut listeners, public_url) = serve(&config, application, site, pool, metrics).await;
    take_commands(&config, &mut listeners, table, Some(desk), images, &public_url, build);
    Ok((listeners, public_url))
}

/// Binds the address of the metrics. The default one may be taken, by another site or an exporter of
/// its own: that is no reason not to serve the news.
async fn bind_metrics(config: &Config) -> Result<Option<TcpListener>> {
    let addr = match config.network.metrics_addr {
        Some(MetricsAddr::Off) => return Ok(None),
        Some(MetricsAddr::On(addr)) => return Ok(Some(bind(addr, "GAZETTE_METRICS_ADDR").await?)),
        None => MetricsAddr::DEFAULT,
    };
    let bound = bind(addr, "GAZETTE_METRICS_ADDR").await;
    Ok(bound
        .inspect_err(|error| {
            tracing::warn!(error = format!("{error:#}"), "no metrics: set GAZETTE_METRICS_ADDR");
        })
        .ok())
}

/// Writes the first line of the log.
fn log_start(config: &Config, bound: BoundAddresses) {
    let store = config.store.describe();
    let pool = match config.pool.active() {
        ActivePool::Embedded(_) => "embedded",
        ActivePool::Cognito(cognito) => {
            if let Some(keys) = &cognito.keys {
                tracing::warn!(%keys, "the pool's keys do not come from its issuer: for tests only");
            }
            cognito.issuer()
        }
    };
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        store,
        pool,
        address = %bound.site,
        pool_address = bound.pool.map(tracing::field::display),
        public_url = config.listen.public_url(bound.site),
        "starting"
    );
}

fn spawn_background_jobs(desk: &OperatorDesk) {
    tokio::spawn(background::resume_jobs(desk.clone()));
    tokio::spawn(background::unpublish_ended(desk.clone()));
    tokio::spawn(background::empty_old_trash(desk.clone()));
    tokio::spawn(background::sync_changes(desk.clone()));
}

async fn serve(
    config: &Config,
    application: Application,
    site: TcpListener,
    pool: Option<TcpListener>,
    metrics_listener: Option<TcpListener>,
) -> (Listeners, String) {
    let Application { router, pool: user_pool, public_url, keys, oidc, metrics, status, .. } =
        application;
    tokio::spawn(status.keep_sampling());
    let mut listeners = Listeners::new(config, 1 + usize::from(pool.is_some()));
    if let Some(listener) = metrics_listener {
        listeners.serve(listener, metrics);
    }
    let pool = pool.zip(user_pool);
    let is_embedded = pool.is_some();
    if let Some((listener, pool)) = pool {
        listeners.serve(listener, with_body_limits(pool.router()));
    }
    // Before the keys are there: readers need none, and what needs one waits for it.
    listeners.serve(site, router);
    prepare_sign_in(keys, oidc, is_embedded, has_key_file(config)).await;
    (listeners, public_url)
}

/// Checks whether the keys of the pool are in a file.
fn has_key_file(config: &Config) -> bool {
    match config.pool.active() {
        ActivePool::Embedded(_) => false,
        ActivePool::Cognito(cognito) => matches!(cognito.keys, Some(KeyLocation::File(_))),
    }
}

/// Fetches the keys and the discovery document of the user pool, and keeps the keys fresh.
async fn prepare_sign_in(
    keys: Arc<KeySource>,
    oidc: Arc<OidcClient>,
    is_embedded: bool,
    has_key_file: bool,
) {
    // The embedded pool and a file respond at once, so the site can accept tokens when it reports
    // ready.
    if (is_embedded || has_key_file)
        && let Err(error) = keys.refresh().await
    {
        let error = with_causes(&error);
        tracing::warn!(error, "cannot fetch the keys of the pool yet");
    }
    tokio::spawn(keys.keep_fresh());
    tokio::spawn(async move {
        let mut is_failing = false;
        while let Err(error) = oidc.prepare().await {
            if !is_failing {
                tracing::warn!(%error, "cannot sign people in yet");
            }
            is_failing = true;
            sleep(DISCOVERY_INTERVAL).await;
        }
        if !is_embedded {
            oidc.check_client().await;
        }
    });
}
