//! The form of a sign-up.

use axum::http::StatusCode;
use maud::html;

use super::form_context::FormContext;
use super::pages::{Field, FieldKind, Form, Page};

/// Cognito's name of the field.
pub(super) const EMAIL: &str = "requiredAttributes[email]";

/// Returns the form of a sign-up.
pub(super) fn sign_up_page(
    context: &FormContext<'_>,
    status: StatusCode,
    username: &str,
    email: &str,
    error: Option<&str>,
) -> Page {
    let field = |kind, name, label, value| Field { kind, name, label, value };
    let form = Form {
        title: "Create an account",
        lead: html! { p { "to continue to " bdi { (context.request.callback.client.name) } } },
        action: &context.address("/signup"),
        csrf: context.csrf(),
        error,
        hidden: Vec::new(),
        fields: vec![
            field(FieldKind::Username, "username", "Username", username),
            field(FieldKind::Email, EMAIL, "Email", email),
            field(FieldKind::NewPassword, "password", "Password", ""),
        ],
        submit: "Create account",
        after: html! {
            ul class="links" {
                li { a href=(context.address("/login")) { "I have an account" } }
                li { a href=(context.address("/confirmUser")) { "I have a code" } }
            }
        },
        target: context.form_target(),
    };
    form.page(status)
}
