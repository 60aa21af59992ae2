//! The form that replaces a temporary password.

use axum::http::StatusCode;
use maud::html;

use super::page::Page;

/// The form that replaces a temporary password.
pub(in crate::http) struct NewPasswordForm<'a> {
    pub(in crate::http) action: &'a str,
    pub(in crate::http) csrf: &'a str,
    pub(in crate::http) session: &'a str,
    pub(in crate::http) username: &'a str,
    pub(in crate::http) error: Option<&'a str>,
    /// CSP source of the callback URL.
    pub(in crate::http) form_target: String,
}

impl NewPasswordForm<'_> {
    pub(in crate::http) fn page(self, status: StatusCode) -> Page {
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
                div class="field row-1" {
                    label for="new-password" { "New password" }
                    input id="new-password" name="new_password" type="password" required
                        minlength="8" maxlength="256" autocomplete="new-password" autofocus
                        aria-describedby=(described_by);
                    p id="rule" class="hint" { "At least 8 characters." }
                }
                div class="field" {
                    label for="confirm-password" { "The same password again" }
                    input id="confirm-password" name="confirm_password" type="password" required
                        maxlength="256" autocomplete="new-password";
                }
                button type="submit" { "Set password and continue" }
                button type="button" class="show row-1" hidden { "Show passwords" }
            }
        };
        Page::new(status, "Choose a password", body).with_password_form(self.form_target)
    }
}
