//! Pages that only tell something.

use axum::http::StatusCode;
use maud::html;

use super::page::Page;

pub(in crate::http) async fn not_found() -> Page {
    message(StatusCode::NOT_FOUND, "This page doesn't exist. Go back to the application.")
}

/// Returns a page that only shows a message.
pub(in crate::http) fn message(status: StatusCode, text: &str) -> Page {
    let title =
        if status == StatusCode::NOT_FOUND { "Page not found" } else { "Something went wrong" };
    Page::new(status, title, html! { p { (text) } })
}
