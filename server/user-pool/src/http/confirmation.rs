//! The form for the code of a sign-up.

use axum::response::Response;
use maud::html;

use super::form_context::{FormContext, status_of};
use super::pages::{Field, FieldKind, Form, outbox_hint};
use crate::error::{AccountError, InternalError};

/// A sign-up that waits for its code.
pub(super) struct Confirmation<'a> {
    pub(super) username: &'a str,
    /// Secret of the browser that signed the user up; else empty.
    pub(super) session: &'a str,
}

impl Confirmation<'_> {
    /// Shows the form for the code, which was just sent to an address, or earlier.
    pub(super) fn show(
        &self,
        context: &FormContext<'_>,
        sent_to: Option<&str>,
        error: Option<&str>,
    ) -> Result<Response, InternalError> {
        let action = context.address("/confirmUser");
        let code = Field { kind: FieldKind::Code, name: "code", label: "Code", value: "" };
        let username = Field {
            kind: FieldKind::Username,
            name: "username",
            label: "Username",
            value: self.username,
        };
        let is_known = !self.username.is_empty();
        let known = is_known.then_some(("username", self.username));
        let form = Form {
            title: "Confirm your account",
            lead: outbox_hint(sent_to),
            action: &action,
            csrf: context.csrf(),
            error,
            hidden: known.into_iter().chain([("session", self.session)]).collect(),
            fields: if is_known { vec![code] } else { vec![username, code] },
            submit: "Confirm account",
            after: html! {
                @if is_known {
                    form method="post" action=(action) class="again" {
                        input type="hidden" name="_csrf" value=(context.csrf());
                        input type="hidden" name="username" value=(self.username);
                        input type="hidden" name="session" value=(self.session);
                        button type="submit" class="quiet" name="resend" value="1" {
                            "Send a new code"
                        }
                    }
                }
            },
            target: context.form_target(),
        };
        context.respond(form.page(status_of(error)))
    }
}

/// Returns the text for the user.
pub(super) fn message(error: &AccountError) -> String {
    match error {
        AccountError::UsernameExists => {
            "This username is taken. Choose another one, or sign in.".to_owned()
        }
        AccountError::PasswordTooShort | AccountError::PasswordTooLong => {
            "The password must have 8 to 256 characters.".to_owned()
        }
        AccountError::CodeMismatch => "That code is wrong. Please try again.".to_owned(),
        AccountError::CodeExpired => "That code has expired. Ask for a new one.".to_owned(),
        AccountError::LimitExceeded => "Too many attempts. Please try again in an hour.".to_owned(),
        other => other.to_string(),
    }
}
