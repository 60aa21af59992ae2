//! Serves the embedded user pool alone.

use anyhow::{Result, bail};

use super::first_start::create_configured_users;
use super::output::print_line;
use crate::application::{BoundAddresses, open_pool, open_table};
use crate::clock::Clock;
use crate::config::{ActivePool, Config};
use crate::listener::{bind, serve_until};
use crate::stop_signal::StopSignal;

pub(super) async fn run(config: &Config) -> Result<()> {
    let ActivePool::Embedded(pool_config) = config.pool.active() else {
        bail!("GAZETTE_POOL is cognito: there is no embedded pool to serve");
    };
    let clock = Clock::system();
    let table = open_table(&config.store, &clock).await?;
    let listener = bind(pool_config.addr, "GAZETTE_POOL_ADDR").await?;
    let site = config.listen.addr();
    let bound = BoundAddresses { site, pool: Some(listener.local_addr()?) };
    let public_url = config.listen.public_url(site);
    let pool = open_pool(config, pool_config, bound, &public_url, &table, &clock).await?;
    create_configured_users(pool_config, &pool).await?;
    let mut stop = StopSignal::listen()?;
    print_line(format_args!("user pool ready on {}", pool.issuer()));
    serve_until(listener, pool.router(), stop.received()).await;
    Ok(())
}
