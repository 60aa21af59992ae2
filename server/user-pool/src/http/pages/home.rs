//! The home page of the pool, for the person who develops against it.

use axum::extract::{RawQuery, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::page::Page;
use crate::clients::RegisteredClient;
use crate::error::{DirectoryError, InternalError};
use crate::http::cookies::{csrf_cookie, set_csrf};
use crate::pool::UserPool;
use crate::secret::Secret;
use crate::user::User;

/// Path of the page, besides `/`.
pub(in crate::http) const HOME: &str = "/_pool/";
/// Maximum number of entries in each list.
const MAX_SHOWN: usize = 50;

/// Shows the issuer, the endpoints, and what is registered.
pub(in crate::http) async fn home(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let csrf = csrf_cookie(&pool.state.settings, &headers).map_or_else(Secret::random, Ok);
    let csrf = csrf.inspect_err(InternalError::log).ok();
    let has_rotated = query.as_deref() == Some("rotated=1");
    let mut response = page(&pool, csrf.as_ref(), has_rotated).await.into_response();
    let cookie = csrf.and_then(|csrf| set_csrf(&pool.state.settings, &csrf).ok());
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

async fn page(pool: &UserPool, csrf: Option<&Secret>, has_rotated: bool) -> Page {
    let settings = &pool.state.settings;
    let well_known = format!("/{}/.well-known", settings.pool_id);
    let registered = lists(pool).await.inspect_err(InternalError::log).unwrap_or_else(|_| html! {});
    let body = html! {
        p { "Applications on this machine send you here to sign in." }
        @if has_rotated {
            p class="notice" role="status" {
                "New keys sign all tokens from now on. The old keys stay published for a day."
            }
        }
        dl {
            dt { "Issuer" }
            dd { code { (settings.issuer) } }
            dt { "User pool id" }
            dd { code { (settings.pool_id) } }
            dt { "Endpoint of the AWS CLI and SDKs" }
            dd { code { (settings.origin) } }
        }
        ul class="links" {
            li { a href=(format!("{well_known}/openid-configuration")) { "OpenID configuration" } }
            li { a href=(format!("{well_known}/jwks.json")) { "Public keys" } }
            li { a href="/_pool/outbox" { "Outbox: codes that a real pool would mail" } }
        }
        (registered)
        @if let Some(csrf) = csrf {
            (rotation(csrf))
        }
    };
    Page::new(StatusCode::OK, "User pool", body)
}

/// The button that replaces the signing keys.
fn rotation(csrf: &Secret) -> Markup {
    html! {
        h2 { "Signing keys" }
        p class="hint" {
            "Replace them to test how your application follows a rotation. Tokens that were \
             issued before stay valid."
        }
        form method="post" action="/_pool/rotate-keys" {
            input type="hidden" name="_csrf" value=(csrf.as_str());
            button type="submit" { "Rotate signing keys" }
        }
    }
}

async fn lists(pool: &UserPool) -> Result<Markup, InternalError> {
    let clients = pool.state.clients.list().await?;
    let groups = pool.directory().groups(None, MAX_SHOWN).await;
    let groups = groups.map(|page| page.groups).unwrap_or_default();
    let users = pool.directory().list_users().await.map_err(|error| match error {
        DirectoryError::Internal(error) => error,
        other => InternalError::Encoding(other.to_string()),
    })?;
    Ok(html! {
        h2 { "Clients" }
        ul class="entries" {
            @for registered in clients.iter().take(MAX_SHOWN) {
                (client(registered))
            }
        }
        (more(clients.len()))
        h2 { "Users" }
        @if users.is_empty() {
            p { "No users yet." }
        }
        ul class="entries" {
            @for user in users.iter().take(MAX_SHOWN) {
                (listed_user(user))
            }
        }
        (more(users.len()))
        h2 { "Groups" }
        @if groups.is_empty() {
            p { "No groups yet." }
        }
        ul class="entries" {
            @for group in &groups {
                li { bdi { (group.name) } }
            }
        }
    })
}

fn client(registered: &RegisteredClient) -> Markup {
    let client = &registered.client;
    let kind = if client.secret.is_some() { "with a secret" } else { "public" };
    let pkce = if client.requires_pkce { "PKCE required" } else { "PKCE optional" };
    html! {
        li {
            strong { (client.name) } " " code { (client.id) }
            p class="hint" { (kind) ", " (pkce) }
            @for url in &client.callback_urls {
                p class="hint" { code { (url) } }
            }
        }
    }
}

fn listed_user(user: &User) -> Markup {
    html! {
        li {
            strong { bdi { (user.username) } }
            p class="hint" {
                (user.address().unwrap_or("no email address"))
                @if !user.groups.is_empty() {
                    ", in " (user.groups.join(", "))
                }
            }
        }
    }
}

fn more(count: usize) -> Markup {
    html! {
        @if count > MAX_SHOWN {
            p { "and " (count.saturating_sub(MAX_SHOWN)) " more" }
        }
    }
}
