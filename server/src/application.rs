//! Composition root: builds the site from its configuration.

mod authorizer;
mod preflight;
mod site_root;
mod user_pool;

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use gazette_app::Site;
use gazette_authorizer::KeySource;
use gazette_domain::{NewsDesk, OperatorDesk, Ports};
use gazette_table::Table;
use gazette_user_pool::UserPool;

pub(crate) use self::authorizer::bearer_authorizer;
pub use self::preflight::StartFiles;
pub(crate) use self::preflight::preflight;
pub(crate) use self::site_root::site_root;
pub use self::user_pool::BoundAddresses;
pub(crate) use self::user_pool::{POOL_ID, open_pool, pool_key_folder};
use crate::auth::{OidcClient, PendingLogins, SavedForms, SessionKeys, Sessions};
use crate::build_info::BuildInfo;
use crate::cached_router::CachedRouter;
use crate::clock::{Clock, new_id};
use crate::config::{ActivePool, Config, cognito_endpoint};
use crate::http::{
    AppState, Assets, CookieNames, PageCache, RedirectCache, Services, StatusSampler,
    metrics_router, router,
};
use crate::images::{Images, open_images};
use crate::markdown::{BodyRenderer, StoredPictures};
use crate::metrics::{MeasuredTable, Metrics};
use crate::people::People;
use crate::pool_admin::{PoolAdmin, administrator_key};
use crate::search::Search;
use crate::store::StoreCheck;
use crate::traffic::{InProgress, QueueDelay, RateLimiter};

/// A site that is ready to be served.
pub struct Application {
    /// Routes of the site.
    pub router: CachedRouter,
    /// Embedded user pool, which is served on its own address.
    pub pool: Option<UserPool>,
    /// News desk of the router, which asks the policy.
    pub desk: NewsDesk,
    /// Desk of the start-up code and the background tasks, which does not.
    pub operator: OperatorDesk,
    /// Origin of the site.
    pub public_url: String,
    /// Source of the keys of the user pool, which must be kept fresh.
    pub keys: Arc<KeySource>,
    /// OIDC client, which must be prepared.
    pub oidc: Arc<OidcClient>,
    /// Routes of the address for metrics.
    pub metrics: Router,
    /// Sampler of the metrics, for a process that runs all the time.
    pub status: StatusSampler,
    /// Search, whose index must be kept right.
    pub search: Search,
    /// Pictures of the site.
    pub(crate) images: Images,
}

/// Builds the site on an open table.
///
/// It is long because it names every service once, in the order they need each
/// other.
pub async fn build(
    config: &Config,
    build_info: BuildInfo,
    bound: BoundAddresses,
    table: Arc<dyn Table>,
    files: StartFiles,
    clock: Clock,
) -> Result<Application> {
    let StartFiles { assets, pool_key_folder } = files;
    let public_url = config.listen.public_url(bound.site);
    let metrics = Metrics::new(build_info, config.store.name(), &config.api_keys.keys);
    let table: Arc<dyn Table> = Arc::new(MeasuredTable::new(table, Arc::clone(&metrics)));
    let operator = operator_desk(Arc::clone(&table), &clock);
    let time_zone = config.locale.time_zone.clone();
    let desk = operator.news_desk(config.tokens.policy()).in_time_zone(time_zone);
    let issuer = authorizer::issuer(config, bound.pool);
    let requests = Arc::clone(&metrics.pool);
    let (pool, pool_admin) = match config.pool.active() {
        ActivePool::Embedded(pool_config) => {
            let key = administrator_key(pool_config.admin_key.as_ref())?;
            let admin = PoolAdmin::embedded(&issuer, &key, clock.clone(), requests)?;
            let key = Some(key);
            let pool = open_pool(config, pool_config, pool_key_folder, bound, &table, &clock, key);
            (Some(pool.await?), admin)
        }
        ActivePool::Cognito(_) => {
            let endpoint = cognito_endpoint();
            let endpoint = endpoint.as_deref();
            (None, PoolAdmin::cognito(&issuer, endpoint, clock.clone(), requests).await?)
        }
    };
    let (authorizer, keys) = authorizer::authorizer(config, issuer.clone(), &public_url)?;
    let authorizer = Arc::new(authorizer);
    let oidc = authorizer::oidc_config(config, issuer, &public_url);
    let oidc = Arc::new(OidcClient::new(oidc, Arc::clone(&authorizer), Arc::clone(&metrics.pool))?);
    let session_keys = SessionKeys::open(&config.session, &config.store)?;
    let site = Arc::new(site(config, &public_url, &assets));
    let search = Search::new(
        operator.clone(),
        clock.clone(),
        config.locale.language.clone(),
        config.store.lasting_folder(),
    );
    let images = open_images(config).await?;
    let store_check = StoreCheck::new(Arc::clone(&table));
    let sessions = Sessions::new(
        Arc::clone(&table),
        clock.clone(),
        config.session.clone(),
        Arc::clone(&oidc),
        session_keys.refresh_tokens,
        Arc::clone(&metrics),
    );
    let state = AppState::new(Services {
        desk: desk.clone(),
        site,
        assets,
        authorizer,
        oidc: Arc::clone(&oidc),
        cookies: CookieNames::of(&public_url),
        pending_logins: PendingLogins::new(session_keys.logins, Arc::clone(&table)),
        saved_forms: SavedForms::new(session_keys.saved_forms, table),
        people: People::new(pool_admin, sessions.clone()),
        sessions,
        search: search.clone(),
        page_cache: PageCache::default(),
        redirects: RedirectCache::default(),
        images: images.clone(),
        body_renderer: BodyRenderer::with_pictures(Arc::new(StoredPictures::of(&public_url))),
        store_check,
        access_log: config.log.has_access_log(),
        has_own_pool: pool.is_some(),
        security_contact: config.listen.security_contact.clone(),
        rate_limits: config.network.rate_limit,
        trusted_proxies: config.network.trusted_proxies.clone(),
        rate_limiter: RateLimiter::new(),
        in_progress: InProgress::new(config.network.max_requests),
        queue_delay: QueueDelay::new(config.network.max_queue_delay.0),
        metrics,
        clock,
    });
    let metrics = metrics_router(state.clone(), Arc::clone(&keys));
    let status = StatusSampler::new(state.clone(), Arc::clone(&keys));
    let router = router(state);
    Ok(Application {
        router,
        pool,
        desk,
        operator,
        public_url,
        keys,
        oidc,
        metrics,
        status,
        search,
        images,
    })
}

/// Returns the facts about the site that are the same for every page.
fn site(config: &Config, public_url: &str, assets: &Assets) -> Site {
    Site {
        title: config.listen.title.clone(),
        public_url: public_url.to_owned(),
        language: config.locale.language.clone(),
        time_zone: config.locale.time_zone.clone(),
        stylesheet: assets.stylesheet("gazette"),
        newsroom_stylesheet: assets.stylesheet("newsroom"),
        kept_copies: assets.script("kept-copies"),
        islands: assets.islands("gazette"),
        // `cargo leptos` builds one module, with every island.
        newsroom_islands: assets.islands("newsroom").or_else(|| assets.islands("gazette")),
        rasters: assets.rasters(),
    }
}

/// Builds the `OperatorDesk` of a table.
pub(crate) fn operator_desk(table: Arc<dyn Table>, clock: &Clock) -> OperatorDesk {
    let ports = Ports { table, clock: clock.timestamps(), new_id: Arc::new(new_id) };
    OperatorDesk::new(ports)
}
