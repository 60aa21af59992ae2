//! The route table.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};

use super::{
    authorize, clock, discovery, json_api, login, logout, middleware, outbox, pages, revoke, token,
    user_info,
};
use crate::pool::UserPool;

/// Maximum size of a request body.
const MAX_BODY_BYTES: usize = 64 * 1024;

impl UserPool {
    /// Returns the pages and endpoints of the pool, for the root of its own origin.
    ///
    /// Bind it to a loopback address: the pool is for local use.
    pub fn router(&self) -> Router {
        let well_known = format!("/{}/.well-known", self.state.settings.pool_id);
        Router::new()
            .route("/", get(pages::home).post(json_api::call))
            .route(&format!("{well_known}/openid-configuration"), get(discovery::configuration))
            .route(&format!("{well_known}/jwks.json"), get(discovery::jwks))
            .route("/oauth2/authorize", get(authorize::authorize))
            .route("/oauth2/token", post(token::token))
            .route("/oauth2/revoke", post(revoke::revoke))
            .route("/oauth2/userInfo", get(user_info::user_info))
            .route("/login", get(login::form).post(login::submit))
            .route("/logout", get(logout::logout))
            .route("/_pool/clock", get(clock::read).post(clock::advance))
            .route("/_pool/outbox", get(outbox::outbox))
            .route("/_pool/style.css", get(pages::style))
            .route("/_pool/icon.svg", get(pages::icon))
            .route("/favicon.ico", get(pages::icon))
            .fallback(pages::not_found)
            .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
            .layer(from_fn(middleware::guard))
            .with_state(self.clone())
    }
}
