//! The state of saving, words and reading time, as the page shows them.

use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::js_sys::Date;

use super::dom::{by_id, clock_time, property_of, text_of};
use crate::islands::editor_form::{CHANGES_ID, MINUTES_ID, SAVE_STATE_ID, WORDS_ID};

/// Shows the state of saving.
pub(super) fn show(text: &str, is_failed: bool) {
    let Some(state) = by_id(SAVE_STATE_ID) else { return };
    // A repeated text would be read out again.
    if state.text_content().as_deref() != Some(text) {
        state.set_text_content(Some(text));
    }
    let _ = state.set_attribute("data-state", if is_failed { "failed" } else { "good" });
}

/// Shows that everything is saved.
pub(super) fn show_saved(zone: &str, reply: &JsValue) {
    let at = property_of(reply, "saved_at");
    let at = if at.is_string() { Date::new(&at) } else { Date::new_0() };
    show(&["Saved ", &clock_time(&at, zone)].concat(), false);
    if let (Some(changes), Some(is_dirty)) =
        (by_id(CHANGES_ID), property_of(reply, "is_dirty").as_bool())
    {
        changes.set_hidden(!is_dirty);
    }
}

/// Shows words and reading time of an answer.
pub(super) fn show_length(reply: &JsValue) {
    let words = text_of(reply, "words");
    if words.is_empty() {
        return;
    }
    let noun = if words == "1" { " word" } else { " words" };
    set(WORDS_ID, &[&words, noun]);
    set(MINUTES_ID, &[&text_of(reply, "minutes"), " min read"]);
}

fn set(id: &str, parts: &[&str]) {
    if let Some(element) = by_id(id) {
        element.set_text_content(Some(&parts.concat()));
    }
}
