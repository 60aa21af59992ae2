//! Serves the embedded user pool alone.

use anyhow::{Result, bail};

use super::control::take_commands;
use super::first_start::create_configured_users;
use super::listeners::Listeners;
use super::output::print_line;
use crate::application::{BoundAddresses, open_pool, pool_key_folder};
use crate::backup::refuse_unfinished;
use crate::build_info::BuildInfo;
use crate::clock::Clock;
use crate::config::{ActivePool, Config};
use crate::http::with_body_limits;
use crate::images::open_images;
use crate::listener::bind;
use crate::stop_signal::StopSignal;
use crate::store::open_table;

pub(super) async fn run(config: &Config, mut stop: StopSignal, build: BuildInfo) -> Result<()> {
    let starting = tokio::spawn(start(config.clone(), build));
    let (listeners, issuer) = tokio::select! {
        started = starting => started??,
        () = stop.received() => {
            tracing::info!("stopped before the user pool was ready");
            return Ok(());
        }
    };
    print_line(format_args!("user pool ready on {issuer}"));
    listeners.run_until(&mut stop).await
}

/// Starts the user pool and returns its listener and its issuer.
async fn start(config: Config, build: BuildInfo) -> Result<(Listeners, String)> {
    let ActivePool::Embedded(pool_config) = config.pool.active() else {
        bail!("GAZETTE_POOL is cognito: there is no embedded pool to serve");
    };
    let clock = Clock::system();
    refuse_unfinished(&config.store)?;
    let table = open_table(&config.store, &clock).await?;
    let listener = bind(pool_config.addr, "GAZETTE_POOL_ADDR").await?;
    let site = config.listen.addr();
    let bound = BoundAddresses { site, pool: Some(listener.local_addr()?) };
    let public_url = config.listen.public_url(site);
    let (folder, key) = (pool_key_folder(&config), pool_config.admin_key.clone());
    let pool = open_pool(&config, pool_config, folder, bound, &table, &clock, key).await?;
    create_configured_users(pool_config, &pool).await?;
    let mut listeners = Listeners::new(&config, 1);
    listeners.serve(listener, with_body_limits(pool.router()));
    let images = open_images(&config).await?;
    take_commands(&config, &mut listeners, table, None, images, &public_url, build);
    Ok((listeners, pool.issuer().to_owned()))
}
