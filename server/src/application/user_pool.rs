//! Opens the embedded user pool.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use gazette_table::Table;
use gazette_user_pool::{
    AccessKey, AppClient, AuthFlow, KeyFolder, MAX_AUTH_SESSION_MINUTES, MoveClock, OAuthGrant,
    PoolConfig, STANDARD_SCOPES, UserPool,
};
use url::Url;

use crate::clock::Clock;
use crate::config::{Config, EmbeddedPoolConfig};

/// Id of the embedded pool.
pub(crate) const POOL_ID: &str = "local_gazette";
/// App client of the embedded pool for the site.
pub(super) const WEB_CLIENT: &str = "gazetteweb";
/// App client of the embedded pool for programs.
pub(super) const CLI_CLIENT: &str = "gazettecli";
/// Seconds for which a rotated refresh token stays valid; the maximum of Cognito.
const ROTATION_GRACE_SECONDS: u8 = 60;

/// Addresses that were bound. Their ports can differ from the configured ones.
#[derive(Clone, Copy, Debug)]
pub struct BoundAddresses {
    /// Address of the site.
    pub site: SocketAddr,
    /// Address of the embedded pool, if it is in use.
    pub pool: Option<SocketAddr>,
}

/// Opens the embedded pool.
pub(crate) async fn open_pool(
    config: &Config,
    pool_config: &EmbeddedPoolConfig,
    key_folder: KeyFolder,
    bound: BoundAddresses,
    table: &Arc<dyn Table>,
    clock: &Clock,
    administrator: Option<AccessKey>,
) -> Result<UserPool> {
    let pool_addr = bound.pool.unwrap_or(pool_config.addr);
    let move_clock = pool_config.has_movable_clock().then(|| move_clock(clock.clone()));
    if pool_config.has_faults() {
        tracing::warn!("the user pool can be made to misbehave: for tests only");
    }
    let public_url = config.listen.public_url(bound.site);
    let own = [web_client(&config.listen.title, &public_url), cli_client()];
    let clients = own.into_iter().chain(pool_config.clients.iter().cloned());
    let pool = PoolConfig {
        pool_id: POOL_ID.to_owned(),
        public_url: Url::parse(&pool_origin(pool_addr))?,
        site_name: config.listen.title.clone(),
        key_folder,
        clients: clients.collect(),
        clock: clock.seconds(),
        administrator,
        // The site's own key is random unless it is configured.
        accepts_any_signature: pool_config.admin_key.is_none(),
        move_clock,
        has_faults: pool_config.has_faults(),
    };
    let pool = UserPool::open(pool, Arc::clone(table)).await?;
    pool.directory().ensure_groups(config.tokens.groups()).await?;
    Ok(pool)
}

/// Returns the origin of the pool at an address.
pub(super) fn pool_origin(addr: SocketAddr) -> String {
    format!("http://localhost:{}", addr.port())
}

/// Returns the folder of the pool's signing keys.
pub(crate) fn pool_key_folder(config: &Config) -> KeyFolder {
    KeyFolder::new(config.store.data_dir.join("pool-keys"))
}

fn web_client(name: &str, public_url: &str) -> AppClient {
    AppClient {
        callback_urls: vec![format!("{public_url}/auth/callback")],
        logout_urls: vec![format!("{public_url}/")],
        flows: [AuthFlow::RefreshToken].into(),
        grants: [OAuthGrant::Code].into(),
        scopes: STANDARD_SCOPES.map(str::to_owned).into(),
        refresh_token_rotation: Some(ROTATION_GRACE_SECONDS),
        // Who sets an authenticator app up for the first time has to install one.
        auth_session_minutes: MAX_AUTH_SESSION_MINUTES,
        ..AppClient::new(WEB_CLIENT, name)
    }
}

fn cli_client() -> AppClient {
    AppClient {
        flows: [AuthFlow::AdminUserPassword, AuthFlow::UserPassword, AuthFlow::RefreshToken].into(),
        ..AppClient::new(CLI_CLIENT, "Gazette command line")
    }
}

fn move_clock(clock: Clock) -> MoveClock {
    Arc::new(move |seconds| clock.move_forward(seconds))
}
