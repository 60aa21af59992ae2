//! The home page of the pool.

use axum::extract::State;
use axum::http::StatusCode;
use maud::html;

use super::page::Page;
use crate::pool::UserPool;

/// Shows the issuer and links to the public endpoints.
pub(in crate::http) async fn home(State(pool): State<UserPool>) -> Page {
    let settings = &pool.state.settings;
    let well_known = format!("/{}/.well-known", settings.pool_id);
    let body = html! {
        p { "Applications on this machine send you here to sign in." }
        ul {
            li { "Issuer: " code { (settings.issuer) } }
            li { a href=(format!("{well_known}/openid-configuration")) { "OpenID configuration" } }
            li { a href=(format!("{well_known}/jwks.json")) { "Public keys" } }
            li { a href="/_pool/outbox" { "Outbox: codes that a real pool would mail" } }
        }
    };
    Page::new(StatusCode::OK, "User pool", body)
}
