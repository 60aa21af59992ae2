//! Pages that only tell something.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::page::Page;

pub(in crate::http) async fn not_found() -> Page {
    message(StatusCode::NOT_FOUND, "This page doesn't exist. Go back to the application.")
}

/// The text of Cognito, which developers search for.
pub(super) const ERROR_TEXT: &str = "An error was encountered with the requested page.";

/// `GET /error`: the page that Cognito redirects to. This pool shows errors where they occur.
pub(in crate::http) async fn error() -> Page {
    message(StatusCode::BAD_REQUEST, ERROR_TEXT)
}

/// Says where to find a code.
pub(in crate::http) fn outbox_hint(sent_to: Option<&str>) -> Markup {
    html! {
        p {
            @if let Some(address) = sent_to {
                "A code for " bdi { (address) } " is in the "
            } @else {
                "Enter the code that you were sent. It is in the "
            }
            a href="/_pool/outbox" target="_blank" rel="noopener" { "outbox (new tab)" }
            ", since this user pool sends no mail."
        }
    }
}

/// Returns a page that only shows a message.
pub(in crate::http) fn message(status: StatusCode, text: &str) -> Page {
    let title =
        if status == StatusCode::NOT_FOUND { "Page not found" } else { "Something went wrong" };
    Page::new(status, title, html! { p { (text) } })
}
