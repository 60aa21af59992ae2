//! The page for a browser that is signed in already.

use axum::http::StatusCode;
use maud::html;

use super::page::Page;

/// Offers to continue as the user who is signed in, or as another one.
pub(in crate::http) struct ContinueForm<'a> {
    pub(in crate::http) client_name: &'a str,
    pub(in crate::http) action: &'a str,
    /// Address of the page that asks for a password.
    pub(in crate::http) other: &'a str,
    pub(in crate::http) csrf: &'a str,
    pub(in crate::http) username: &'a str,
    /// CSP source of the callback URL.
    pub(in crate::http) form_target: String,
}

impl ContinueForm<'_> {
    pub(in crate::http) fn page(self) -> Page {
        let body = html! {
            p { "to continue to " bdi { (self.client_name) } }
            form method="post" action=(self.action) {
                input type="hidden" name="_csrf" value=(self.csrf);
                button type="submit" name="continue" value="1" {
                    "Sign in as " (self.username)
                }
            }
            p class="links" { a href=(self.other) { "Sign in as a different user" } }
        };
        Page::new(StatusCode::OK, "Sign in", body).with_form(self.form_target)
    }
}
