//! The form for a code and a new password.

use axum::response::Response;
use maud::html;

use super::form_context::{FormContext, status_of};
use super::pages::{Field, FieldKind, Form, outbox_hint};
use crate::error::InternalError;

/// Shows the form for the code and the new password.
pub(super) fn show_reset(
    context: &FormContext<'_>,
    username: &str,
    sent_to: Option<&str>,
    error: Option<&str>,
) -> Result<Response, InternalError> {
    let name =
        Field { kind: FieldKind::Username, name: "username", label: "Username", value: username };
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
        fields: vec![name, code, password],
        submit: "Set password and continue",
        after: html! {
            p class="links" { a href=(context.address("/forgotPassword")) { "Send a new code" } }
        },
        target: context.form_target(),
    };
    context.respond(form.page(status_of(error)))
}
