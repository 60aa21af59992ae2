//! The state of saving, words and reading time, as the page shows them.

use leptos::wasm_bindgen::JsValue;

use crate::islands::dom::{
    append, attribute, by_id, clock_time, element, get, new, set, set_attribute, set_text, text_of,
};
use crate::islands::editor_form::{
    CHANGES_ID, DISCARD_ID, MINUTES_ID, OPENED_ID, SAVE_STATE_ID, WORDS_ID,
};

/// Shows the state of saving.
pub(super) fn show(text: &str, is_failed: bool) {
    let Some(state) = by_id(SAVE_STATE_ID) else { return };
    // A repeated text would be read out again.
    if text_of(&state, "textContent") != text {
        set_text(&state, text);
    }
    set_attribute(&state, "data-state", if is_failed { "failed" } else { "good" });
}

/// Shows that something was typed since the last save, unless the state says already that it is not saved.
pub(super) fn show_unsaved() {
    let Some(state) = by_id(SAVE_STATE_ID) else { return };
    if attribute(&state, "data-state").as_deref() != Some("failed") {
        set_attribute(&state, "data-state", "unsaved");
    }
}

/// Shows that texts wait for a decision, as a link to them.
pub(super) fn show_undecided() {
    show("Not all saved \u{2013} ", true);
    let Some(state) = by_id(SAVE_STATE_ID) else { return };
    let link = element("a", "", "please decide");
    set_attribute(&link, "href", "#messages");
    append(&state, &link);
}

/// Shows that everything is saved.
pub(super) fn show_saved(zone: &str, reply: &JsValue) {
    let at = get(reply, "saved_at");
    let date = if at.is_string() { new("Date", &[at]) } else { new("Date", &[]) };
    show(&["Saved ", &clock_time(&date, zone)].concat(), false);
    let Some(is_dirty) = get(reply, "is_dirty").as_bool() else { return };
    for element in [CHANGES_ID, DISCARD_ID].into_iter().filter_map(by_id) {
        set(&element, "hidden", &(!is_dirty).into());
    }
}

/// Shows who else opened the story.
pub(super) fn show_others(reply: &JsValue) {
    let Some(list) = by_id(OPENED_ID) else { return };
    let others = text_of(reply, "others");
    set_text(&list, "");
    set(&list, "hidden", &others.is_empty().into());
    append(&list, &element("li", "", &others));
}

/// Shows words and reading time of an answer.
pub(super) fn show_length(reply: &JsValue) {
    let words = text_of(reply, "words");
    if words.is_empty() {
        return;
    }
    let noun = if words == "1" { " word" } else { " words" };
    let minutes = text_of(reply, "minutes");
    let minutes = if minutes == "0" { String::new() } else { [&minutes, " min read"].concat() };
    for (id, text) in [(WORDS_ID, [&words, noun].concat()), (MINUTES_ID, minutes)] {
        if let Some(element) = by_id(id) {
            set_text(&element, &text);
        }
    }
}
