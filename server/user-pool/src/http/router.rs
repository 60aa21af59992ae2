//! What is served where.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};

use super::{
    authorize, clock, discovery, headers, json_api, login, logout, pages, revoke, token, user_info,
};
use crate::UserPool;

/// The largest body that is read.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The pages and endpoints of a pool.
pub(crate) fn router(pool: UserPool) -> Router {
    let well_known = format!("/{}/.well-known", pool.0.settings.pool_id);
    Router::new()
        .route("/", get(pages::home).post(json_api::call))
        .route(&format!("{well_known}/openid-configuration"), get(discovery::configuration))
        .route(&format!("{well_known}/jwks.json"), get(discovery::keys))
        .route("/oauth2/authorize", get(authorize::authorize))
        .route("/oauth2/token", post(token::token))
        .route("/oauth2/revoke", post(revoke::revoke))
        .route("/oauth2/userInfo", get(user_info::user_info))
        .route("/login", get(login::form).post(login::submit))
        .route("/logout", get(logout::logout))
        .route("/_pool/clock", get(clock::read).post(clock::advance))
        .route("/_pool/style.css", get(pages::style))
        .route("/_pool/icon.svg", get(pages::icon))
        .route("/favicon.ico", get(pages::icon))
        .fallback(pages::not_found)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn(headers::guard))
        .with_state(pool)
}
