//! Serves the site until a stop signal arrives, then drains.

use std::sync::Arc;

use anyhow::{Result, bail};
use gazette_authorizer::KeySource;
use gazette_domain::OperatorDesk;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::first_start;
use super::output::print_line;
use crate::application::{Application, BoundAddresses, build, open_table, preflight, site_root};
use crate::auth::OidcClient;
use crate::background;
use crate::clock::Clock;
use crate::config::{ActivePool, Config};
use crate::http::Assets;
use crate::listener::{bind, serve_until};
use crate::stop_signal::StopSignal;

pub(super) async fn run(config: &Config) -> Result<()> {
    preflight(config).await?;
    let clock = Clock::system();
    let assets = Assets::read(&site_root(config))?;
    let site = bind(config.listen.addr(), "GAZETTE_ADDR").await?;
    let pool = match config.pool.active() {
        ActivePool::Embedded(pool) => Some(bind(pool.addr, "GAZETTE_POOL_ADDR").await?),
        ActivePool::Cognito(_) => None,
    };
    let table = open_table(&config.store, &clock).await?;
    tokio::spawn(background::purge(Arc::clone(&table)));
    let pool_addr = pool.as_ref().map(TcpListener::local_addr).transpose()?;
    let bound = BoundAddresses { site: site.local_addr()?, pool: pool_addr };
    let application = build(config, bound, table, assets, clock.clone()).await?;
    first_start::prepare(config, &application, &clock).await?;
    spawn_background_jobs(&application.operator);
    serve(application, site, pool).await
}

fn spawn_background_jobs(desk: &OperatorDesk) {
    tokio::spawn(background::resume_deletions(desk.clone()));
    tokio::spawn(background::empty_old_trash(desk.clone()));
    tokio::spawn(background::sync_changes(desk.clone()));
}

async fn serve(
    application: Application,
    site: TcpListener,
    pool: Option<TcpListener>,
) -> Result<()> {
    let Application { router, pool: user_pool, public_url, keys, oidc, .. } = application;
    let (stopping, stopped) = watch::channel(false);
    let until_stopped = || {
        let mut stopped = stopped.clone();
        async move { drop(stopped.wait_for(|stopping| *stopping).await) }
    };
    let pool = pool.zip(user_pool).map(|(listener, pool)| {
        tokio::spawn(serve_until(listener, pool.router(), until_stopped()))
    });
    prepare_sign_in(keys, oidc, pool.is_some()).await;
    let site = tokio::spawn(serve_until(site, router, until_stopped()));
    // Installed before the ready line, since a supervisor may send a signal right after it.
    let mut stop = StopSignal::listen()?;
    print_line(format_args!("gazette ready on {public_url}"));
    stop.received().await;
    tracing::info!("stopping");
    let _ = stopping.send(true);
    let drained = async {
        site.await?;
        if let Some(pool) = pool {
            pool.await?;
        }
        Ok(())
    };
    tokio::select! {
        drained = drained => drained,
        () = stop.received() => bail!("second stop signal; open requests were cut off"),
    }
}

/// Fetches the keys and the discovery document of the user pool, and keeps the keys fresh.
async fn prepare_sign_in(keys: Arc<KeySource>, oidc: Arc<OidcClient>, is_embedded: bool) {
    // The embedded pool answers at once, so the site can accept tokens when it reports ready.
    if is_embedded && let Err(error) = keys.refresh().await {
        tracing::warn!(%error, "cannot fetch the keys of the embedded pool yet");
    }
    tokio::spawn(keys.keep_fresh());
    tokio::spawn(async move {
        if let Err(error) = oidc.prepare().await {
            tracing::warn!(%error, "cannot reach the user pool yet");
        }
    });
}
