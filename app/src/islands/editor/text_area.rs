//! Changes of the text area that the browser can undo.

use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{Event, EventInit, EventTarget, HtmlDocument, HtmlTextAreaElement};

use super::dom::document;
use super::format::{Edit, Range, utf16_length};

/// Applies an edit and selects what it says.
pub(super) fn apply(area: &HtmlTextAreaElement, edit: &Edit) {
    // Fails only without a window to focus.
    let _ = area.focus();
    select(area, edit.range);
    type_text(area, edit.range, &edit.text);
    select(area, edit.selection);
}

/// Replaces the first place of a text. Keeps caret and focus where they are, unless the caret is
/// right behind the text: then it goes to `caret`, counted from the start of the new text.
pub(super) fn replace(area: &HtmlTextAreaElement, old: &str, new: &str, caret: usize) {
    let value = area.value();
    let Some(at) = value.find(old) else { return };
    let start = utf16_length(value.get(..at).unwrap_or_default());
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
    let is_focused = document()
        .and_then(|document| document.active_element())
        .is_some_and(|active| active.is_same_node(Some(area)));
    if is_focused {
        select(area, range);
        type_text(area, range, new);
    } else {
        set_text(area, range, new);
    }
    select(area, after);
}

/// Returns the selection.
pub(super) fn selection(area: &HtmlTextAreaElement) -> Range {
    let offset = |offset: Option<u32>| usize::try_from(offset.unwrap_or_default()).unwrap_or(0);
    Range {
        start: offset(area.selection_start().ok().flatten()),
        end: offset(area.selection_end().ok().flatten()),
    }
}

/// Tells the page that a control has changed, as typing does.
pub(super) fn announce(control: &EventTarget) {
    let init = EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
        // Fails only for an event that is being dispatched.
        let _ = control.dispatch_event(&event);
    }
}

fn select(area: &HtmlTextAreaElement, range: Range) {
    // Fails only for controls without text.
    let _ = area.set_selection_range(offset(range.start), offset(range.end));
}

/// Replaces the selection. `execCommand` is deprecated, and the only way that can be undone.
fn type_text(area: &HtmlTextAreaElement, range: Range, text: &str) {
    let document: Option<HtmlDocument> = document().and_then(|document| document.dyn_into().ok());
    let (command, text_to_insert) =
        if text.is_empty() { ("delete", "") } else { ("insertText", text) };
    let is_done = document.is_some_and(|document| {
        document
            .exec_command_with_show_ui_and_value(command, false, text_to_insert)
            .unwrap_or_default()
    });
    if !is_done {
        set_text(area, range, text);
    }
}

fn set_text(area: &HtmlTextAreaElement, range: Range, text: &str) {
    let (start, end) = (offset(range.start), offset(range.end));
    // Fails only for a range that ends before it starts.
    let _ = area.set_range_text_with_start_and_end_and_mode(text, start, end, "preserve");
    announce(area);
}

fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
