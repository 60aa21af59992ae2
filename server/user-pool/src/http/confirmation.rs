//! The form for the code of a sign-up.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::form_context::FormContext;
use super::pages::{Field, FieldKind, Form, Page, outbox_hint};

/// Returns the form for the code, which was just sent to an address, or earlier. The session is
/// the secret of the browser that signed the user up, else empty.
pub(super) fn confirmation_page(
    context: &FormContext<'_>,
    status: StatusCode,
    username: &str,
    session: &str,
    sent_to: Option<&str>,
    error: Option<&str>,
) -> Page {
    let action = &context.address("/confirmUser");
    let code = Field { kind: FieldKind::Code, name: "code", label: "Code", value: "" };
    let name =
        Field { kind: FieldKind::Username, name: "username", label: "Username", value: username };
    let is_known = !username.is_empty();
    let known = is_known.then_some(("username", username));
    let form = Form {
        title: "Confirm your account",
        lead: outbox_hint(sent_to),
        action,
        csrf: context.csrf(),
        error,
        hidden: known.into_iter().chain([("session", session)]).collect(),
        fields: if is_known { vec![code] } else { vec![name, code] },
        submit: "Confirm account",
        after: html! {
            @if is_known {
                (resend(context, action, username, session))
            }
        },
        target: context.form_target(),
    };
    form.page(status)
}

fn resend(context: &FormContext<'_>, action: &str, username: &str, session: &str) -> Markup {
    html! {
        form method="post" action=(action) class="again" {
            input type="hidden" name="_csrf" value=(context.csrf());
            input type="hidden" name="username" value=(username);
            input type="hidden" name="session" value=(session);
            button type="submit" class="quiet" name="resend" value="1" { "Send a new code" }
        }
    }
}
