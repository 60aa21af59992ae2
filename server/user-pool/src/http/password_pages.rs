//! The pages of a forgotten password: who forgot it, and the code with the new one.

use axum::http::StatusCode;
use maud::html;

use super::form_context::FormContext;
use super::pages::{Field, FieldKind, Form, Page, outbox_hint};

/// Returns the form that sends a code.
pub(super) fn forgot_page(
    context: &FormContext<'_>,
    status: StatusCode,
    username: &str,
    error: Option<&str>,
) -> Page {
    let form = Form {
        title: "Forgot your password?",
        lead: html! { p { "A code lets you choose a new one." } },
        action: &context.address("/forgotPassword"),
        csrf: context.csrf(),
        error,
        hidden: Vec::new(),
        fields: vec![username_field(username)],
        submit: "Send a code",
        after: html! {
            p class="links" { a href=(context.address("/login")) { "Back to sign-in" } }
        },
        target: context.form_target(),
    };
    form.page(status)
}

/// Returns the form for the code and the new password.
pub(super) fn reset_page(
    context: &FormContext<'_>,
    status: StatusCode,
    username: &str,
    sent_to: Option<&str>,
    error: Option<&str>,
) -> Page {
    let code = Field { kind: FieldKind::Code, name: "code", label: "Code", value: "" };
    let password =
        Field { kind: FieldKind::NewPassword, name: "password", label: "New password", value: "" };
    let form = Form {
        title: "Choose a new password",
        lead: outbox_hint(sent_to),
        action: &context.address("/confirmforgotPassword"),
        csrf: context.csrf(),
        error,
        hidden: Vec::new(),
        fields: vec![username_field(username), code, password],
        submit: "Set password and continue",
        after: html! {
            p class="links" { a href=(context.address("/forgotPassword")) { "Send a new code" } }
        },
        target: context.form_target(),
    };
    form.page(status)
}

fn username_field(value: &str) -> Field<'_> {
    Field { kind: FieldKind::Username, name: "username", label: "Username", value }
}
