//! Requests to the server.

use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::js_sys::Object;

use super::fields::{Fields, fields_of};
use crate::islands::dom::{call, done, get, set, text_of, try_call, window};

/// Longest wait for the answer to a save, in milliseconds.
pub(super) const SAVE_TIMEOUT: u32 = 30_000;
/// Longest wait for the answer to an upload.
pub(super) const UPLOAD_TIMEOUT: u32 = 180_000;

/// Longest body that a browser sends to its end after its page was left, less a little.
const MAX_LAST_LENGTH: usize = 60_000;

/// An answer.
pub(super) struct Reply {
    /// Status code.
    pub(super) status: u16,
    /// The JSON of its body; null if it is none.
    pub(super) json: JsValue,
}

impl Reply {
    /// Returns the message of the server, or what it says of the first field. A proxy may answer
    /// without either.
    pub(super) fn message(&self) -> String {
        let known = match self.status {
            401 => "you\u{2019}ve been signed out.",
            403 => "you can\u{2019}t change this story any more. Ask an editor.",
            404 | 410 => "this story was deleted.",
            _ => "",
        };
        match self.fields().iter().next() {
            _ if !known.is_empty() => known.to_owned(),
            Some((name, message)) if self.status == 422 => [name, ": ", message, "."].concat(),
            _ => match text_of(&self.json, "message") {
                message if !message.is_empty() => message,
                _ if self.status == 413 => "it is too large.".to_owned(),
                _ => {
                    let status = self.status.to_string();
                    ["the server did not answer properly (", &status, ")."].concat()
                }
            },
        }
    }

    /// Returns the fields that the answer is about.
    pub(super) fn fields(&self) -> Fields {
        fields_of(&get(&self.json, "fields"))
    }
}

/// Sends a body and returns the answer; `None` when there is none.
pub(super) async fn post(path: &str, body: &JsValue, timeout: u32) -> Option<Reply> {
    send(path, body, timeout, &Object::new()).await
}

/// Sends a text as [`post`] does, but to its end even if the page is left, if it is short enough.
pub(super) async fn post_on_leaving(path: &str, body: &JsValue, timeout: u32) -> Option<Reply> {
    let options = Object::new();
    let text = call(body, "toString", &[]).as_string();
    let is_short = text.is_some_and(|text| text.len() < MAX_LAST_LENGTH);
    set(&options, "keepalive", &is_short.into());
    send(path, body, timeout, &options).await
}

async fn send(path: &str, body: &JsValue, timeout: u32, options: &Object) -> Option<Reply> {
    let headers = Object::new();
    set(&headers, "Accept", &"application/json".into());
    set(options, "method", &"POST".into());
    set(options, "headers", &headers);
    set(options, "body", body);
    let signal = call(&get(&window(), "AbortSignal"), "timeout", &[timeout.into()]);
    set(options, "signal", &signal);
    let answer = done(try_call(&window(), "fetch", &[path.into(), options.clone().into()])).await?;
    let status = get(&answer, "status").as_f64()?;
    let json = done(try_call(&answer, "json", &[])).await.unwrap_or(JsValue::NULL);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a status code has three digits"
    )]
    Some(Reply { status: status as u16, json })
}
