//! Changes of the text area that the browser can undo.

use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::Element;
use leptos::web_sys::js_sys::Object;

use super::format::{Edit, Range, utf16_length};
use crate::islands::dom::{call, document, focus, get, new, set, text_of};

/// Applies an edit and selects what it says.
pub(super) fn apply(area: &Element, edit: &Edit) {
    focus(area);
    select(area, edit.range);
    type_text(area, edit.range, &edit.text);
    select(area, edit.selection);
}

/// Replaces the first place of a text. Keeps caret and focus where they are, unless the caret is
/// right behind the text: then it goes to `caret`, counted from the start of the new text.
pub(super) fn replace(area: &Element, old: &str, new: &str, caret: usize) {
    let value = text_of(area, "value");
    let Some((before, _)) = value.split_once(old) else { return };
    let start = utf16_length(before);
    let range = Range { start, end: start + utf16_length(old) };
    let selection = selection(area);
    let moved = |offset: usize| {
        if offset >= range.end { offset - utf16_length(old) + utf16_length(new) } else { offset }
    };
    let is_behind = selection.start == range.end && selection.end == range.end;
    let after = if is_behind {
        Range { start: start + caret, end: start + caret }
    } else {
        Range { start: moved(selection.start), end: moved(selection.end) }
    };
    if get(&document(), "activeElement") == JsValue::from(area) {
        select(area, range);
        type_text(area, range, new);
    } else {
        set_text(area, range, new);
    }
    select(area, after);
}

/// Returns the selection.
pub(super) fn selection(area: &Element) -> Range {
    let offset = |name| text_of(area, name).parse().unwrap_or_default();
    Range { start: offset("selectionStart"), end: offset("selectionEnd") }
}

/// Tells the page that a control has changed, as typing does.
pub(super) fn announce(control: &JsValue) {
    let options = Object::new();
    set(&options, "bubbles", &true.into());
    call(control, "dispatchEvent", &[new("Event", &["input".into(), options.into()])]);
}

fn select(area: &Element, range: Range) {
    call(area, "setSelectionRange", &[range.start.into(), range.end.into()]);
}

/// Replaces the selection. `execCommand` is deprecated, and the only way that can be undone.
fn type_text(area: &Element, range: Range, text: &str) {
    let command = if text.is_empty() { "delete" } else { "insertText" };
    let arguments = [command.into(), false.into(), text.into()];
    if !call(&document(), "execCommand", &arguments).is_truthy() {
        set_text(area, range, text);
    }
}

fn set_text(area: &Element, range: Range, text: &str) {
    let arguments = [text.into(), range.start.into(), range.end.into(), "preserve".into()];
    call(area, "setRangeText", &arguments);
    announce(area);
}
