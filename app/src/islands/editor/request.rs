//! Requests to the server.

use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::js_sys::JSON;
use leptos::web_sys::js_sys::futures::JsFuture;
use leptos::web_sys::{AbortSignal, Headers, RequestInit, Response};

use super::dom::{text_of, window};

/// Longest wait for the answer to a save, in milliseconds.
pub(super) const SAVE_TIMEOUT: u32 = 30_000;
/// Longest wait for the answer to an upload.
pub(super) const UPLOAD_TIMEOUT: u32 = 180_000;

/// An answer.
pub(super) struct Reply {
    /// Status code.
    pub(super) status: u16,
    /// The JSON of its body; null if it is none.
    pub(super) json: JsValue,
}

impl Reply {
    /// Returns the message of the server.
    pub(super) fn message(&self) -> String {
        text_of(&self.json, "message")
    }
}

/// Sends a body and returns the answer; `None` when there is none.
pub(super) async fn post(path: &str, body: &JsValue, timeout: u32) -> Option<Reply> {
    let headers = Headers::new().ok()?;
    headers.set("Accept", "application/json").ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(body);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(timeout)));
    let answer = window()?.fetch_with_str_and_init(path, &init);
    let answer: Response = JsFuture::from(answer).await.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    let json = JSON::parse(&text).unwrap_or(JsValue::NULL);
    Some(Reply { status: answer.status(), json })
}
