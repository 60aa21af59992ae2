//! The form for a code of an authenticator app.

use axum::http::StatusCode;
use maud::html;

use super::page::Page;

/// The form for a code of an authenticator app.
pub(in crate::http) struct CodeForm<'a> {
    pub(in crate::http) action: &'a str,
    pub(in crate::http) csrf: &'a str,
    pub(in crate::http) session: &'a str,
    pub(in crate::http) error: Option<&'a str>,
    /// CSP source of the callback URL.
    pub(in crate::http) form_target: String,
}

impl CodeForm<'_> {
    pub(in crate::http) fn page(self, status: StatusCode) -> Page {
        let described_by = self.error.map(|_| "error");
        let body = html! {
            p { "Enter the code that your authenticator app shows." }
            @if let Some(error) = self.error {
                p class="error" id="error" role="alert" { (error) }
            }
            form method="post" action=(self.action) {
                input type="hidden" name="_csrf" value=(self.csrf);
                input type="hidden" name="session" value=(self.session);
                div class="field" {
                    label for="code" { "Code" }
                    input id="code" name="code" type="text" inputmode="numeric" required
                        pattern="[0-9]{6}" maxlength="6" autocomplete="one-time-code" autofocus
                        aria-describedby=[described_by];
                }
                button type="submit" { "Sign in" }
            }
        };
        Page::new(status, "Enter your code", body).with_password_form(self.form_target)
    }
}
