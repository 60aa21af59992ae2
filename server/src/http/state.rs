//! State that the handlers share.

use std::ops::Deref;
use std::sync::Arc;

use gazette_app::Site;
use gazette_authorizer::Authorizer;
use gazette_domain::NewsDesk;
use ipnet::IpNet;

use crate::assets::Assets;
use crate::auth::{OidcClient, PendingLogins, SavedForms, Sessions};
use crate::clock::Clock;
use crate::config::RateLimits;
use crate::http::cookie_names::CookieNames;
use crate::http::page_cache::PageCache;
use crate::http::redirect_cache::RedirectCache;
use crate::images::Images;
use crate::markdown::BodyRenderer;
use crate::metrics::Metrics;
use crate::people::People;
use crate::search::Search;
use crate::store::StoreCheck;
use crate::traffic::{InProgress, QueueDelay, RateLimiter};

/// Services of the handlers; cheap to clone. Contains no table: stories are reached
/// through the desk.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Services>);

/// Services of the handlers.
pub(crate) struct Services {
    /// News desk, which asks the policy.
    pub(crate) desk: NewsDesk,
    /// Title, URL and assets of the site, for pages.
    pub(crate) site: Arc<Site>,
    /// Files of the site.
    pub(crate) assets: Assets,
    /// Verifies bearer tokens.
    pub(crate) authorizer: Arc<Authorizer>,
    /// OIDC client of the hosted UI.
    pub(crate) oidc: Arc<OidcClient>,
    /// Names of the site's cookies.
    pub(crate) cookies: CookieNames,
    /// Logins in progress.
    pub(crate) pending_logins: PendingLogins,
    /// Forms whose senders must sign in first.
    pub(crate) saved_forms: SavedForms,
    /// Sessions of signed-in people.
    pub(crate) sessions: Sessions,
    /// People and their access.
    pub(crate) people: People,
    /// Search of the stories.
    pub(crate) search: Search,
    /// Cached responses for anonymous readers.
    pub(crate) page_cache: PageCache,
    /// Answers of the redirects.
    pub(crate) redirects: RedirectCache,
    /// Pictures that were uploaded.
    pub(crate) images: Images,
    /// Renders the bodies of stories.
    pub(crate) body_renderer: BodyRenderer,
    /// Health check of the store.
    pub(crate) store_check: StoreCheck,
    /// `true` if each request gets a line in the log.
    pub(crate) access_log: bool,
    /// `true` if accounts are in the embedded user pool.
    pub(crate) has_own_pool: bool,
    /// URL to which weaknesses are reported, if it is configured.
    pub(crate) security_contact: Option<String>,
    /// Rates of requests.
    pub(crate) rate_limits: RateLimits,
    /// Networks of proxies that name their clients.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// Token buckets of addresses and people.
    pub(crate) rate_limiter: RateLimiter,
    /// Requests in progress.
    pub(crate) in_progress: InProgress,
    /// Queueing delay of requests.
    pub(crate) queue_delay: QueueDelay,
    /// Counters for Prometheus.
    pub(crate) metrics: Arc<Metrics>,
    /// Clock.
    pub(crate) clock: Clock,
}

impl AppState {
    /// Shares the services.
    pub(crate) fn new(services: Services) -> Self {
        Self(Arc::new(services))
    }

    /// Returns whether the site has an https origin, so that cookies can be `__Host-` ones.
    pub(crate) fn is_https(&self) -> bool {
        self.site.public_url.starts_with("https://")
    }
}

impl Deref for AppState {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}
