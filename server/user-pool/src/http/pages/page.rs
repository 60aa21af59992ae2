//! A page before it is laid out.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::Markup;

/// Title and content of a page. The middleware lays it out, because it knows the site.
#[derive(Clone)]
pub(in crate::http) struct Page {
    pub(super) status: StatusCode,
    pub(super) title: &'static str,
    pub(super) body: Markup,
    /// CSP source that the page's form may submit or redirect to, besides this origin.
    pub(super) form_target: Option<String>,
    /// Loads the script that shows passwords.
    pub(super) has_password: bool,
}

impl Page {
    /// Returns a page without a form.
    pub(in crate::http) fn new(status: StatusCode, title: &'static str, body: Markup) -> Self {
        Self { status, title, body, form_target: None, has_password: false }
    }

    /// Adds a form that leads to an application.
    pub(super) fn with_form(self, target: String) -> Self {
        Self { form_target: Some(target), ..self }
    }

    /// Adds a form that asks for a password, and leads to an application.
    pub(super) fn with_password_form(self, target: String) -> Self {
        Self { form_target: Some(target), has_password: true, ..self }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
