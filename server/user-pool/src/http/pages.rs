//! The HTML pages: plain, accessible and without scripts.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::pool::UserPool;

const STYLE: &str = include_str!("../../assets/style.css");
const ICON: &str = include_str!("../../assets/icon.svg");
const CACHE_FIVE_MINUTES: (HeaderName, &str) = (CACHE_CONTROL, "public, max-age=300");

/// A page with its title.
pub(super) struct Page {
    status: StatusCode,
    title: &'static str,
    body: Markup,
    /// CSP source that the page's form may submit or redirect to, besides this origin.
    form_target: Option<String>,
}

/// The sign-in form.
pub(super) struct LoginForm<'a> {
    pub(super) client_name: &'a str,
    pub(super) action: &'a str,
    pub(super) csrf: &'a str,
    pub(super) username: &'a str,
    pub(super) error: Option<&'a str>,
    /// CSP source of the callback URL.
    pub(super) form_target: String,
}

/// The form that replaces a temporary password.
pub(super) struct NewPasswordForm<'a> {
    pub(super) action: &'a str,
    pub(super) csrf: &'a str,
    pub(super) session: &'a str,
    pub(super) username: &'a str,
    pub(super) error: Option<&'a str>,
    /// CSP source of the callback URL.
    pub(super) form_target: String,
}

/// Shows the issuer and links to the public endpoints.
pub(super) async fn home(State(pool): State<UserPool>) -> Page {
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
    Page { status: StatusCode::OK, title: "User pool", body, form_target: None }
}

pub(super) async fn not_found() -> Page {
    message(StatusCode::NOT_FOUND, "This page doesn't exist.")
}

/// Returns a page without a form.
pub(super) fn page(title: &'static str, body: Markup) -> Page {
    Page { status: StatusCode::OK, title, body, form_target: None }
}

/// Returns a page that only shows a message.
pub(super) fn message(status: StatusCode, text: &str) -> Page {
    let title =
        if status == StatusCode::NOT_FOUND { "Page not found" } else { "Something went wrong" };
    Page { status, title, body: html! { p { (text) } }, form_target: None }
}

pub(super) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), CACHE_FIVE_MINUTES], STYLE)
}

pub(super) async fn icon() -> impl IntoResponse {
    ([(CONTENT_TYPE, "image/svg+xml"), CACHE_FIVE_MINUTES], ICON)
}

impl LoginForm<'_> {
    pub(super) fn page(self, status: StatusCode) -> Page {
        let described_by = self.error.map(|_| "error");
        let has_username = !self.username.is_empty();
        let body = html! {
            p { "to continue to " (self.client_name) }
            @if let Some(error) = self.error {
                p class="error" id="error" role="alert" { (error) }
            }
            form method="post" action=(self.action) {
                input type="hidden" name="_csrf" value=(self.csrf);
                div class="field" {
                    label for="username" { "Username" }
                    input id="username" name="username" type="text" value=(self.username)
                        required maxlength="128" autocomplete="username" autocapitalize="none"
                        spellcheck="false" autofocus[!has_username]
                        aria-describedby=[described_by];
                }
                div class="field" {
                    label for="password" { "Password" }
                    input id="password" name="password" type="password" required maxlength="256"
                        autocomplete="current-password" autofocus[has_username]
                        aria-describedby=[described_by];
                }
                button type="submit" { "Sign in" }
            }
        };
        Page { status, title: "Sign in", body, form_target: Some(self.form_target) }
    }
}

impl NewPasswordForm<'_> {
    pub(super) fn page(self, status: StatusCode) -> Page {
        let described_by = if self.error.is_some() { "error rule" } else { "rule" };
        let body = html! {
            p { "Your temporary password worked. Choose a password of your own." }
            @if let Some(error) = self.error {
                p class="error" id="error" role="alert" { (error) }
            }
            form method="post" action=(self.action) {
                input type="hidden" name="_csrf" value=(self.csrf);
                input type="hidden" name="session" value=(self.session);
                // For password managers, which store it with the new password.
                input type="hidden" name="username" value=(self.username)
                    autocomplete="username";
                div class="field" {
                    label for="new-password" { "New password" }
                    input id="new-password" name="new_password" type="password" required
                        minlength="8" maxlength="256" autocomplete="new-password" autofocus
                        aria-describedby=(described_by);
                    p id="rule" { "At least 8 characters." }
                }
                div class="field" {
                    label for="confirm-password" { "The same password again" }
                    input id="confirm-password" name="confirm_password" type="password" required
                        maxlength="256" autocomplete="new-password";
                }
                button type="submit" { "Set password and continue" }
            }
        };
        Page { status, title: "Choose a password", body, form_target: Some(self.form_target) }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let form_target = self.form_target.map(|target| format!(" {target}")).unwrap_or_default();
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{form_target}; \
             frame-ancestors 'none'; base-uri 'none'"
        );
        // A target is an ASCII origin or scheme; the fallback is only stricter.
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
                header class="banner" { "Local sign-in, for development" }
                main {
                    h1 { (title) }
                    (body)
                }
            }
        }
    }
}
