//! What handlers work with.

use std::ops::Deref;
use std::sync::Arc;

use gazette_app::Site;
use gazette_authorizer::Authorizer;
use gazette_domain::NewsDesk;

use crate::auth::{OidcClient, PendingLogins, SavedForms, Sessions};
use crate::clock::Clock;
use crate::http::assets::Assets;
use crate::http::page_cache::PageCache;

/// Everything the handlers share; cheap to clone. There is no table here: news is
/// reached through the desk.
#[derive(Clone)]
pub struct AppState(Arc<Services>);

/// The parts of the state.
pub struct Services {
    /// The door to the news.
    pub desk: NewsDesk,
    /// What pages are told of the site.
    pub site: Arc<Site>,
    /// The files of the site.
    pub assets: Assets,
    /// Says who somebody is.
    pub authorizer: Arc<Authorizer>,
    /// The way to the hosted UI and back.
    pub oidc: Arc<OidcClient>,
    /// Logins that are under way.
    pub pending_logins: PendingLogins,
    /// Forms whose senders have to sign in first.
    pub saved_forms: SavedForms,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Answers that are the same for everybody.
    pub page_cache: PageCache,
    /// Tells the time.
    pub clock: Clock,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(parts: Services) -> Self {
        Self(Arc::new(parts))
    }

    /// Whether readers come by https, so that cookies can be `__Host-` ones.
    pub fn is_https(&self) -> bool {
        self.site.public_url.starts_with("https://")
    }
}

impl Deref for AppState {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}
