//! Sample stories and users for a first start.

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gazette_domain::{OperatorDesk, SystemTask};
use gazette_user_pool::{Ensured, NewUser, UserPool};

use super::output::print_line;
use crate::application::Application;
use crate::clock::Clock;
use crate::config::{ActivePool, Config, EmbeddedPoolConfig, TokenConfig};
use crate::samples;

/// Prepares a site with the embedded pool. It publishes sample stories once if nothing was ever
/// written to the store, and creates the configured users. An empty pool without configured users
/// gets four sample users.
pub(super) async fn prepare(
    config: &Config,
    application: &Application,
    clock: &Clock,
) -> Result<()> {
    let (Some(pool), ActivePool::Embedded(pool_config)) = (&application.pool, config.pool.active())
    else {
        return Ok(());
    };
    publish_samples(&application.operator, clock).await?;
    if pool_config.users.is_empty() && pool.directory().is_empty().await? {
        create_sample_users(pool, &application.public_url, &config.tokens).await?;
    }
    create_configured_users(pool_config, pool).await
}

/// Creates the configured users that the pool lacks.
pub(super) async fn create_configured_users(
    config: &EmbeddedPoolConfig,
    pool: &UserPool,
) -> Result<()> {
    for user in &config.users {
        let created = pool.directory().ensure_user(user.to_new_user()).await;
        created.with_context(|| format!("GAZETTE_POOL_USER: {}", user.name))?;
    }
    Ok(())
}

async fn publish_samples(desk: &OperatorDesk, clock: &Clock) -> Result<()> {
    if !desk.claim_samples().await? {
        return Ok(());
    }
    let inputs = samples::stories(samples::count(), 1, clock.now());
    let count = desk.publish_all(SystemTask::Setup, inputs).await?;
    print_line(format_args!("published {count} sample stories"));
    Ok(())
}

async fn create_sample_users(
    pool: &UserPool,
    public_url: &str,
    tokens: &TokenConfig,
) -> Result<()> {
    let users = [
        ("admin", Some(&tokens.admin_group)),
        ("editor", Some(&tokens.editor_group)),
        ("writer", Some(&tokens.writer_group)),
        ("reader", None),
    ];
    print_line(format_args!(
        "Sign in at {public_url}/auth/login as one of these users. Their passwords are shown only \
         once:"
    ));
    for (name, group) in users {
        let password = random_password()?;
        let new = NewUser {
            username: name.to_owned(),
            email: format!("{name}@example.com"),
            password: password.clone(),
            groups: group.into_iter().cloned().collect(),
        };
        // Another process on the same table may create the same users at this time.
        if let Ensured::Created(_) = pool.ensure_sample_user(new).await? {
            print_line(format_args!("  {name:<7} {password}"));
        }
    }
    Ok(())
}

/// Returns 96 random bits in characters that are easy to copy.
fn random_password() -> Result<String> {
    let mut bytes = [0; 12];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| anyhow::anyhow!("the system provides no randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
