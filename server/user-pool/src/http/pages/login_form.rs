//! The sign-in form.

use axum::http::StatusCode;
use maud::html;

use super::page::Page;

/// The sign-in form.
pub(in crate::http) struct LoginForm<'a> {
    pub(in crate::http) client_name: &'a str,
    pub(in crate::http) action: &'a str,
    pub(in crate::http) csrf: &'a str,
    pub(in crate::http) username: &'a str,
    pub(in crate::http) error: Option<&'a str>,
    /// CSP source of the callback URL.
    pub(in crate::http) form_target: String,
}

impl LoginForm<'_> {
    pub(in crate::http) fn page(self, status: StatusCode) -> Page {
        let described_by = self.error.map(|_| "error");
        let has_username = !self.username.is_empty();
        let body = html! {
            p { "to continue to " bdi { (self.client_name) } }
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
                div class="field row-2" {
                    label for="password" { "Password" }
                    input id="password" name="password" type="password" required maxlength="256"
                        autocomplete="current-password" autofocus[has_username]
                        aria-describedby=[described_by];
                }
                button type="submit" { "Sign in" }
                button type="button" class="show row-2" hidden { "Show password" }
            }
        };
        Page::new(status, "Sign in", body).with_password_form(self.form_target)
    }
}
