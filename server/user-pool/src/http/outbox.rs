//! `/_pool/outbox`: the codes that a real pool would mail, for people and for programs.

use axum::Json;
use axum::extract::State;
use axum::http::header::{ACCEPT, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::json;

use super::browser_error::BrowserError;
use super::pages::Page;
use crate::outbox::Message;
use crate::pool::UserPool;

pub(super) async fn outbox(
    State(pool): State<UserPool>,
    headers: HeaderMap,
) -> Result<Response, BrowserError> {
    let messages = pool.state.outbox.messages().await?;
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let mut response = if accept.contains("text/html") {
        Page::new(StatusCode::OK, "Outbox", list(&messages)).into_response()
    } else {
        let messages: Vec<_> = messages.iter().map(to_json).collect();
        Json(json!({ "messages": messages })).into_response()
    };
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

fn to_json(message: &Message) -> serde_json::Value {
    json!({
        "sent_at": sent_at(message),
        "username": message.username,
        "to": message.to,
        "type": message.kind,
        "subject": message.kind.subject(),
        "code": message.code,
    })
}

fn list(messages: &[Message]) -> Markup {
    html! {
        p { "This pool sends no mail. Here is what it would send, newest first, for a day." }
        @if messages.is_empty() {
            p { "No messages yet." }
        } @else {
            ol class="outbox" {
                @for message in messages {
                    li {
                        strong { (message.kind.subject()) ": " code { (message.code) } }
                        br;
                        "for " (message.username)
                        @if !message.to.is_empty() {
                            " (" (message.to) ")"
                        }
                        ", "
                        time datetime=(sent_at(message)) { (sent_at(message)) }
                    }
                }
            }
        }
    }
}

fn sent_at(message: &Message) -> String {
    Timestamp::from_second(message.sent_at).unwrap_or_default().to_string()
}
