//! The sign-in form.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::page::Page;

/// The sign-in form.
pub(in crate::http) struct LoginForm<'a> {
    pub(in crate::http) client_name: &'a str,
    pub(in crate::http) action: &'a str,
    /// Address of the page to create an account.
    pub(in crate::http) sign_up: &'a str,
    /// Address of the page for a forgotten password.
    pub(in crate::http) forgot: &'a str,
    pub(in crate::http) csrf: &'a str,
    pub(in crate::http) username: &'a str,
    pub(in crate::http) error: Option<&'a str>,
    /// Names of the sample users, who need no password.
    pub(in crate::http) samples: Vec<&'a str>,
    /// CSP source of the callback URL.
    pub(in crate::http) form_target: String,
}

impl LoginForm<'_> {
    pub(in crate::http) fn page(self, status: StatusCode) -> Page {
        let body = html! {
            p { "to continue to " bdi { (self.client_name) } }
            @if let Some(error) = self.error {
                p class="error" id="error" role="alert" { (error) }
            }
            (self.form())
            ul class="links" {
                li { a href=(self.forgot) { "Forgot your password?" } }
                li { a href=(self.sign_up) { "Create an account" } }
            }
            @if !self.samples.is_empty() {
                (self.samples())
            }
        };
        Page::new(status, "Sign in", body).with_password_form(self.form_target)
    }

    fn form(&self) -> Markup {
        let described_by = self.error.map(|_| "error");
        let has_username = !self.username.is_empty();
        html! {
            form method="post" action=(self.action) {
                input type="hidden" name="_csrf" value=(self.csrf);
                div class="field" {
                    label for="username" { "Username" }
                    input id="username" name="username" type="text" value=(self.username)
                        required maxlength="128" autocomplete="username" autocapitalize="none"
                        spellcheck="false" autofocus[!has_username]
                        aria-describedby=[described_by];
                }
                div class="field row-2" {
                    label for="password" { "Password" }
                    input id="password" name="password" type="password" required maxlength="256"
                        autocomplete="current-password" autofocus[has_username]
                        aria-describedby=[described_by];
                }
                button type="submit" { "Sign in" }
                button type="button" class="show row-2" hidden { "Show password" }
            }
        }
    }

    fn samples(&self) -> Markup {
        html! {
            section class="samples" aria-labelledby="samples" {
                h2 id="samples" { "Sample users" }
                p { "On this machine they need no password, until theirs is changed." }
                form method="post" action=(self.action) {
                    input type="hidden" name="_csrf" value=(self.csrf);
                    @for name in &self.samples {
                        button type="submit" class="quiet" name="sample" value=(name) {
                            "Continue as " (name)
                        }
                    }
                }
            }
        }
    }
}
