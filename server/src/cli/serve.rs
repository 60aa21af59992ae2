//! Serves the site until it is told to stop, then drains.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gazette_domain::OperatorDesk;
use gazette_user_pool::{NewUser, UserPool};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::output::say;
use crate::application::{Application, Bound, build, open_table, site_root};
use crate::background;
use crate::clock::Clock;
use crate::config::{Config, PoolConfig};
use crate::http::Assets;
use crate::listener::{bind, serve_until};
use crate::samples;
use crate::stop_signal::StopSignal;

pub(super) async fn run(config: &Config) -> Result<()> {
    let clock = Clock::system();
    let assets = Assets::read(&site_root(config))?;
    let site = bind(config.listen.addr, "GAZETTE_ADDR").await?;
    let pool = match &config.pool {
        PoolConfig::Embedded { addr, .. } => Some(bind(*addr, "GAZETTE_POOL_ADDR").await?),
        PoolConfig::Cognito(_) => None,
    };
    let table = open_table(&config.store, &clock).await?;
    tokio::spawn(background::purge(Arc::clone(&table)));
    let pool_addr = pool.as_ref().map(TcpListener::local_addr).transpose()?;
    let bound = Bound { site: site.local_addr()?, pool: pool_addr };
    let application = build(config, bound, table, assets, clock.clone()).await?;
    first_start(config, &application, &clock).await?;
    tokio::spawn(background::resume_deletions(application.operator.clone()));
    tokio::spawn(background::empty_old_trash(application.operator.clone()));
    tokio::spawn(background::sync_changes(application.operator.clone()));
    serve(application, site, pool).await
}

/// Makes the users that the configuration names and the pool lacks.
pub(super) async fn make_configured_users(config: &Config, pool: &UserPool) -> Result<()> {
    let PoolConfig::Embedded { users, .. } = &config.pool else { return Ok(()) };
    for user in users {
        let made = pool.directory().ensure_user(user.as_new()).await;
        made.with_context(|| format!("GAZETTE_POOL_USER: {}", user.name))?;
    }
    Ok(())
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
    if pool.is_some() {
        // Our own pool answers at once, so that who is told "ready" finds it so.
        if let Err(error) = keys.refresh().await {
            tracing::warn!(%error, "the embedded pool does not give its keys yet");
        }
    }
    tokio::spawn(Arc::clone(&keys).keep_fresh());
    tokio::spawn(async move {
        if let Err(error) = oidc.prepare().await {
            tracing::warn!(%error, "the user pool cannot be reached yet");
        }
    });
    let site = tokio::spawn(serve_until(site, router, until_stopped()));
    // Listened for before anybody is told that they may send it.
    let mut stop = StopSignal::listen()?;
    say(format_args!("gazette ready on {public_url}"));
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
        () = stop.received() => bail!("told to stop twice; requests under way were cut off"),
    }
}

/// On an empty store: sample stories and, when nobody is named, three users.
async fn first_start(config: &Config, application: &Application, clock: &Clock) -> Result<()> {
    seed(&application.operator, clock).await?;
    let Some(pool) = &application.pool else { return Ok(()) };
    if pool.directory().is_empty().await? && names_nobody(config) {
        make_first_users(pool, &application.public_url).await?;
    }
    make_configured_users(config, pool).await
}

fn names_nobody(config: &Config) -> bool {
    matches!(&config.pool, PoolConfig::Embedded { users, .. } if users.is_empty())
}

async fn seed(desk: &OperatorDesk, clock: &Clock) -> Result<()> {
    if !desk.is_empty().await? {
        return Ok(());
    }
    let drafts = samples::stories(samples::count(), 1, clock.now());
    let count = samples::publish(desk, drafts).await?;
    say(format_args!("{count} sample stories are published"));
    Ok(())
}

async fn make_first_users(pool: &UserPool, public_url: &str) -> Result<()> {
    say(format_args!("Sign in at {public_url}/auth/login as one of these; it is said only once:"));
    for (name, groups) in [("admin", vec!["admin"]), ("editor", vec!["editor"]), ("reader", vec![])]
    {
        let password = random_password()?;
        let new = NewUser {
            username: name.to_owned(),
            email: format!("{name}@example.com"),
            password: password.clone(),
            groups: groups.into_iter().map(str::to_owned).collect(),
        };
        pool.directory().add_user(new).await?;
        say(format_args!("  {name:<7} {password}"));
    }
    Ok(())
}

/// 96 random bits, which nobody guesses and people can copy.
fn random_password() -> Result<String> {
    let mut bytes = [0; 12];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| anyhow::anyhow!("the system gives no randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
