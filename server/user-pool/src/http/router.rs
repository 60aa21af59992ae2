//! The route table.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use super::cors::any_origin;
use super::{
    authorize, clock, discovery, faults, forgot_password, form_pages, json_api, login, logout,
    middleware, misbehave, outbox, pages, revoke, rotate_keys, sign_up, token, user_info,
};
use crate::pool::UserPool;

/// Maximum size of a request body.
const MAX_BODY_BYTES: usize = 64 * 1024;

impl UserPool {
    /// Returns the pages and endpoints of the pool, for the root of its own origin.
    ///
    /// Bind it to a loopback address: the pool is for local use.
    pub fn router(&self) -> Router {
        for_programs(&self.state.settings.pool_id)
            .merge(for_browsers())
            .merge(tools())
            .fallback(pages::not_found)
            .layer(from_fn_with_state(self.clone(), misbehave::misbehave))
            .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
            .layer(from_fn_with_state(self.clone(), middleware::guard))
            .with_state(self.clone())
    }
}

/// Endpoints that programs call, and scripts of any site. The home page shares the path of the
/// JSON API, but not its headers.
fn for_programs(pool_id: &str) -> Router<UserPool> {
    let well_known = format!("/{pool_id}/.well-known");
    Router::new()
        .route("/", post(json_api::call).layer(any_origin()).get(pages::home))
        .route(
            &format!("{well_known}/openid-configuration"),
            get(discovery::configuration).layer(any_origin()),
        )
        .route(&format!("{well_known}/jwks.json"), get(discovery::jwks).layer(any_origin()))
        .route("/oauth2/token", post(token::token).layer(any_origin()))
        .route("/oauth2/revoke", post(revoke::revoke).layer(any_origin()))
        .route("/oauth2/userInfo", get(user_info::user_info).layer(any_origin()))
}

/// Pages of the hosted UI; no script of another site may read them.
fn for_browsers() -> Router<UserPool> {
    Router::new()
        .route("/oauth2/authorize", get(authorize::authorize))
        .route("/login", get(form_pages::login).post(login::submit))
        .route("/signup", get(form_pages::sign_up).post(sign_up::submit))
        .route("/confirmUser", get(form_pages::confirm).post(sign_up::confirm_submit))
        .route("/forgotPassword", get(form_pages::forgot).post(forgot_password::submit))
        .route("/confirmforgotPassword", get(form_pages::reset).post(forgot_password::reset_submit))
        .route("/logout", get(logout::logout))
        .route("/error", get(pages::error))
        .route("/favicon.ico", get(pages::icon))
}

/// Tools that a real pool lacks.
fn tools() -> Router<UserPool> {
    Router::new()
        .route("/_pool/clock", get(clock::read).post(clock::advance))
        .route("/_pool", get(pages::home))
        .route(pages::HOME, get(pages::home))
        .route("/_pool/faults", get(faults::read).post(faults::switch))
        .route("/_pool/rotate-keys", post(rotate_keys::rotate))
        .route("/_pool/outbox", get(outbox::outbox))
        .route("/_pool/style.css", get(pages::style))
        .route("/_pool/icon.svg", get(pages::icon))
        .route("/_pool/show-password.js", get(pages::show_password))
        .route("/_pool/fonts/{name}", get(pages::font))
}
