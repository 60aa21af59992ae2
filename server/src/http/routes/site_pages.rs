//! Pages about the site.

use axum::extract::State;
use axum::response::Response;
use gazette_app::pages::{self, PrivacyFacts};
use gazette_domain::TRASH_SECONDS;

use crate::auth::{PendingLogins, SavedForms};
use crate::http::cookie_names::THEME_SECONDS;
use crate::http::request::RequestContext;
use crate::http::state::AppState;

/// `GET /about`.
pub(in crate::http) async fn about(
    State(app): State<AppState>,
    context: RequestContext,
) -> Response {
    context.page(&app, pages::about).await
}

/// `GET /privacy`: what is stored and for how long, as the site is configured.
pub(in crate::http) async fn privacy(
    State(app): State<AppState>,
    context: RequestContext,
) -> Response {
    let facts = PrivacyFacts {
        session_cookie: app.cookies.session.clone(),
        login_cookie: app.cookies.login_prefix.clone(),
        saved_form_cookie: app.cookies.saved_form.clone(),
        person_cookie: app.cookies.person.clone(),
        theme_cookie: app.cookies.theme.clone(),
        session_idle_seconds: app.sessions.idle_seconds(),
        session_absolute_seconds: app.sessions.max_lifetime_seconds(),
        login_seconds: PendingLogins::LIFETIME_SECONDS,
        saved_form_seconds: SavedForms::LIFETIME_SECONDS,
        person_seconds: SavedForms::PERSON_SECONDS,
        theme_seconds: THEME_SECONDS,
        trash_seconds: TRASH_SECONDS,
        has_access_log: app.access_log,
        has_own_accounts: app.has_own_pool,
    };
    context.page(&app, |frame| pages::privacy(frame, &facts)).await
}

/// `GET /accessibility`.
pub(in crate::http) async fn accessibility(
    State(app): State<AppState>,
    context: RequestContext,
) -> Response {
    context.page(&app, pages::accessibility).await
}
