//! The pages: plain, without scripts, and readable by everybody.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::authorization_request::Destination;
use crate::UserPool;

const STYLE: &str = include_str!("../../assets/style.css");
const ICON: &str = include_str!("../../assets/icon.svg");
const CACHE_A_WHILE: (axum::http::HeaderName, &str) = (CACHE_CONTROL, "public, max-age=300");

/// A page with its title.
pub(super) struct Page {
    status: StatusCode,
    title: &'static str,
    body: Markup,
    /// Where else than here its form may lead.
    form_target: String,
}

/// What the sign-in form shows.
pub(super) struct LoginForm<'a> {
    pub(super) destination: &'a Destination<'a>,
    pub(super) action: &'a str,
    pub(super) csrf: &'a str,
    pub(super) username: &'a str,
    pub(super) error: Option<&'a str>,
}

/// What the pool is and where to find its endpoints.
pub(super) async fn home(State(pool): State<UserPool>) -> Page {
    let settings = &pool.0.settings;
    let well_known = format!("/{}/.well-known", settings.pool_id);
    let body = html! {
        p { "Applications on this machine send you here to sign in. Nothing else is needed from you." }
        ul {
            li { "Issuer: " code { (settings.issuer) } }
            li { a href=(format!("{well_known}/openid-configuration")) { "OpenID configuration" } }
            li { a href=(format!("{well_known}/jwks.json")) { "Public keys" } }
        }
    };
    Page { status: StatusCode::OK, title: "User pool", body, form_target: String::new() }
}

pub(super) async fn not_found() -> Page {
    message(StatusCode::NOT_FOUND, "There is no such page here.")
}

/// A page that only says something.
pub(super) fn message(status: StatusCode, text: &str) -> Page {
    let title = if status == StatusCode::NOT_FOUND { "Not found" } else { "That did not work" };
    Page { status, title, body: html! { p { (text) } }, form_target: String::new() }
}

pub(super) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), CACHE_A_WHILE], STYLE)
}

pub(super) async fn icon() -> impl IntoResponse {
    ([(CONTENT_TYPE, "image/svg+xml"), CACHE_A_WHILE], ICON)
}

impl LoginForm<'_> {
    /// The form as a page.
    pub(super) fn page(&self, status: StatusCode) -> Page {
        let described_by = self.error.map(|_| "error");
        let is_named = !self.username.is_empty();
        let uri = &self.destination.redirect_uri;
        let target = if uri.has_host() { uri.authority() } else { uri.scheme() };
        let body = html! {
            p { "to continue to " (target) }
            @if let Some(error) = self.error {
                p class="error" id="error" role="alert" { (error) }
            }
            form method="post" action=(self.action) {
                input type="hidden" name="_csrf" value=(self.csrf);
                div class="field" {
                    label for="username" { "Username" }
                    input id="username" name="username" type="text" value=(self.username)
                        required maxlength="128" autocomplete="username" autocapitalize="none"
                        spellcheck="false" autofocus[!is_named]
                        aria-describedby=[described_by];
                }
                div class="field" {
                    label for="password" { "Password" }
                    input id="password" name="password" type="password" required maxlength="256"
                        autocomplete="current-password" autofocus[is_named]
                        aria-describedby=[described_by];
                }
                button type="submit" { "Sign in" }
            }
        };
        let form_target = format!(" {}", self.destination.form_target());
        Page { status, title: "Sign in", body, form_target }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{}; \
             frame-ancestors 'none'; base-uri 'none'",
            self.form_target
        );
        // A target is an ASCII origin or scheme; without it the page is only stricter.
        let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(
            "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ));
        let page = layout(self.title, &self.body).into_string();
        (self.status, [(CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
    }
}

fn layout(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – local user pool" }
                link rel="stylesheet" href="/_pool/style.css";
                link rel="icon" type="image/svg+xml" href="/_pool/icon.svg";
            }
            body {
                header class="banner" { "This user pool is for local use." }
                main {
                    h1 { (title) }
                    (body)
                }
            }
        }
    }
}
