//! The composition root: a configuration becomes a site that can be served.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use axum::Router;
use gazette_app::Site;
use gazette_authorizer::{Authorizer, AuthorizerConfig, KeySource, KeySourceOptions};
use gazette_domain::{NewsDesk, Ports};
use gazette_table::Table;
use gazette_user_pool::{AppClient, MoveClock, UserPool};
use url::Url;

use crate::auth::{OidcClient, OidcClientConfig, PendingLogins, SavedForms, SessionKeys, Sessions};
use crate::clock::{Clock, new_id};
use crate::config::{Config, Engine, PoolConfig, StoreConfig};
use crate::http::{AppState, Assets, PageCache, Services, router};
use crate::store::{self, DynamoDbTable, EmbeddedTable, OpenError};

/// The id of the embedded pool.
pub const POOL_ID: &str = "local_gazette";
/// The embedded pool's client for browsers.
const WEB_CLIENT: &str = "gazetteweb";
/// The embedded pool's client for programs.
const CLI_CLIENT: &str = "gazettecli";
/// How long a refresh token that was replaced is good again: the longest that Cognito allows.
const ROTATION_GRACE_SECONDS: u8 = 60;

/// The addresses that were bound, which public addresses may follow.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// The site's.
    pub site: SocketAddr,
    /// The embedded pool's, when there is one.
    pub pool: Option<SocketAddr>,
}

/// A site, ready to be served.
pub struct Application {
    /// The site.
    pub router: Router,
    /// The embedded user pool, to be served on an address of its own.
    pub pool: Option<UserPool>,
    /// The door to the news.
    pub desk: NewsDesk,
    /// The site's origin.
    pub public_url: String,
    /// The source of the pool's keys, to be kept fresh.
    pub keys: Arc<KeySource>,
    /// The way to the hosted UI, to be prepared.
    pub oidc: Arc<OidcClient>,
}

/// Builds the site on a table that is open.
pub async fn build(
    config: &Config,
    bound: Bound,
    table: Arc<dyn Table>,
    assets: Assets,
    clock: Clock,
) -> Result<Application> {
    let public_url = config.listen.public_url(bound.site);
    let desk = news_desk(config, Arc::clone(&table), &clock);
    let pool = open_pool(config, bound, &public_url, &table, &clock).await?;
    let (oidc, client_ids) = identity_provider(config, pool.as_ref(), &public_url);
    let (authorizer, keys) = authorizer(config, oidc.issuer.clone(), client_ids)?;
    let authorizer = Arc::new(authorizer);
    let oidc = Arc::new(OidcClient::new(oidc, Arc::clone(&authorizer))?);
    let session_keys = SessionKeys::open(&config.session, &config.store)?;
    let site = Arc::new(Site {
        title: config.listen.title.clone(),
        public_url: public_url.clone(),
        stylesheet: assets.stylesheet(),
        islands: assets.islands(),
    });
    let state = AppState::new(Services {
        desk: desk.clone(),
        site,
        assets,
        authorizer,
        oidc: Arc::clone(&oidc),
        pending_logins: PendingLogins::new(Arc::clone(&table)),
        saved_forms: SavedForms::new(Arc::clone(&table)),
        sessions: Sessions::new(
            table,
            clock.clone(),
            config.session.clone(),
            Arc::clone(&oidc),
            session_keys,
        ),
        page_cache: PageCache::default(),
        clock,
    });
    Ok(Application { router: router(state), pool, desk, public_url, keys, oidc })
}

/// Makes the verifier of bearer tokens, and the source of keys it asks, without a running site.
pub fn bearer_authorizer(config: &Config) -> Result<(Authorizer, Arc<KeySource>)> {
    let (issuer, client_ids) = match &config.pool {
        PoolConfig::Cognito(cognito) => (cognito.issuer.clone(), vec![cognito.client_id.clone()]),
        PoolConfig::Embedded { addr, .. } => {
            let issuer = format!("http://localhost:{}/{POOL_ID}", addr.port());
            (issuer, vec![WEB_CLIENT.to_owned(), CLI_CLIENT.to_owned()])
        }
    };
    authorizer(config, issuer, client_ids)
}

fn authorizer(
    config: &Config,
    issuer: String,
    client_ids: Vec<String>,
) -> Result<(Authorizer, Arc<KeySource>)> {
    let jwks_url = Url::parse(&format!("{issuer}/.well-known/jwks.json"))?;
    let keys = Arc::new(KeySource::new(jwks_url, KeySourceOptions::default())?);
    let config = AuthorizerConfig {
        issuer,
        client_ids,
        token_uses: config.tokens.token_uses.clone(),
        clock_skew_seconds: config.tokens.clock_skew_seconds,
    };
    Ok((Authorizer::new(config, Arc::clone(&keys))?, keys))
}

/// Opens the store that the configuration names; an embedded one is made where there is none.
pub async fn open_table(config: &StoreConfig, clock: &Clock) -> Result<Arc<dyn Table>> {
    make_private_folder(&config.data_dir)
        .with_context(|| format!("{} cannot be used", config.data_dir.display()))?;
    Ok(match &config.engine {
        Engine::Embedded => Arc::new(EmbeddedTable::open(&config.file(), clock.seconds())?),
        Engine::DynamoDb { table } => dynamodb_table(table, clock).await,
    })
}

/// Opens the store that the configuration names if it is there; makes no file and no folder.
pub async fn open_present_table(
    config: &StoreConfig,
    clock: &Clock,
) -> Result<Arc<dyn Table>, OpenError> {
    Ok(match &config.engine {
        Engine::Embedded => Arc::new(EmbeddedTable::open_present(&config.file(), clock.seconds())?),
        Engine::DynamoDb { table } => dynamodb_table(table, clock).await,
    })
}

async fn dynamodb_table(name: &str, clock: &Clock) -> Arc<dyn Table> {
    Arc::new(DynamoDbTable::new(&store::client().await, name, clock.seconds()))
}

/// Opens the newsroom over a table.
pub fn news_desk(config: &Config, table: Arc<dyn Table>, clock: &Clock) -> NewsDesk {
    let ports = Ports { table, clock: clock.timestamps(), new_id: Arc::new(new_id) };
    NewsDesk::new(ports, config.tokens.policy.clone())
}

/// Opens the embedded pool, if it is the one that vouches for people.
pub async fn open_pool(
    config: &Config,
    bound: Bound,
    public_url: &str,
    table: &Arc<dyn Table>,
    clock: &Clock,
) -> Result<Option<UserPool>> {
    let PoolConfig::Embedded { addr, administrator, movable_clock, .. } = &config.pool else {
        return Ok(None);
    };
    let port = bound.pool.unwrap_or(*addr).port();
    let client = AppClient {
        id: WEB_CLIENT.to_owned(),
        name: "Gazette".to_owned(),
        callback_urls: vec![format!("{public_url}/auth/callback")],
        logout_urls: vec![format!("{public_url}/")],
        password_auth: false,
        authorization_code: true,
        secret: None,
        refresh_token_rotation: Some(ROTATION_GRACE_SECONDS),
    };
    let cli = AppClient {
        id: CLI_CLIENT.to_owned(),
        name: "Gazette command line".to_owned(),
        callback_urls: Vec::new(),
        logout_urls: Vec::new(),
        password_auth: true,
        authorization_code: false,
        secret: None,
        refresh_token_rotation: None,
    };
    let pool = gazette_user_pool::PoolConfig {
        pool_id: POOL_ID.to_owned(),
        public_url: Url::parse(&format!("http://localhost:{port}"))?,
        key_dir: config.store.data_dir.join("pool-keys"),
        clients: vec![client, cli],
        clock: clock.seconds(),
        administrator: administrator.clone(),
        move_clock: movable_clock.then(|| move_forward(clock.clone())),
    };
    Ok(Some(UserPool::open(pool, Arc::clone(table)).await?))
}

fn move_forward(clock: Clock) -> MoveClock {
    Arc::new(move |seconds| clock.move_forward(seconds))
}

/// Finds the browser assets: where somebody said, or beside the folder of the executable.
pub fn site_root(config: &Config) -> PathBuf {
    if let Some(root) = &config.listen.site_root {
        return root.clone();
    }
    let executable = std::env::current_exe().unwrap_or_default();
    let folder = executable.parent().unwrap_or(Path::new("."));
    let candidates = [folder.join("../site"), folder.join("site"), PathBuf::from("target/site")];
    let found = candidates.iter().find(|candidate| candidate.join("pkg").is_dir());
    found.cloned().unwrap_or_else(|| PathBuf::from("target/site"))
}

fn identity_provider(
    config: &Config,
    pool: Option<&UserPool>,
    public_url: &str,
) -> (OidcClientConfig, Vec<String>) {
    let public_url = public_url.to_owned();
    match (&config.pool, pool) {
        (PoolConfig::Cognito(cognito), _) => {
            let oidc = OidcClientConfig {
                issuer: cognito.issuer.clone(),
                client_id: cognito.client_id.clone(),
                client_secret: cognito.client_secret.clone(),
                domain: cognito.domain.clone(),
                public_url,
            };
            (oidc, vec![cognito.client_id.clone()])
        }
        (PoolConfig::Embedded { .. }, pool) => {
            let oidc = OidcClientConfig {
                issuer: pool.map(|pool| pool.issuer().to_owned()).unwrap_or_default(),
                client_id: WEB_CLIENT.to_owned(),
                client_secret: None,
                domain: None,
                public_url,
            };
            (oidc, vec![WEB_CLIENT.to_owned(), CLI_CLIENT.to_owned()])
        }
    }
}

/// Makes the data folder for this user's eyes only: it holds keys.
fn make_private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
