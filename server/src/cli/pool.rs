//! Serves the embedded user pool alone.

use anyhow::{Result, bail};

use super::output::say;
use super::serve::make_configured_users;
use crate::application::{Bound, open_pool, open_table};
use crate::clock::Clock;
use crate::config::{Config, PoolConfig};
use crate::listener::{bind, serve_until};
use crate::stop_signal::StopSignal;

pub(super) async fn run(config: &Config) -> Result<()> {
    let PoolConfig::Embedded { addr, .. } = &config.pool else {
        bail!("GAZETTE_POOL is cognito: there is no embedded pool to serve");
    };
    let clock = Clock::system();
    let table = open_table(&config.store, &clock).await?;
    let listener = bind(*addr, "GAZETTE_POOL_ADDR").await?;
    let bound = Bound { site: config.listen.addr, pool: Some(listener.local_addr()?) };
    let public_url = config.listen.public_url(bound.site);
    let Some(pool) = open_pool(config, bound, &public_url, &table, &clock).await? else {
        bail!("there is no embedded pool to serve");
    };
    make_configured_users(config, &pool).await?;
    let mut stop = StopSignal::listen()?;
    say(format_args!("user pool ready on {}", pool.issuer()));
    serve_until(listener, pool.router(), stop.received()).await;
    Ok(())
}
