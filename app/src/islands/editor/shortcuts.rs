//! Keys: save, bold, italic and link.

use std::rc::Rc;

use leptos::wasm_bindgen::JsValue;

use super::form::Form;
use super::format::{Command, new_line};
use super::saver::Saver;
use super::text_area;
use super::toolbar::run;
use crate::islands::dom::{document, get, has, listen, prevent_default, text_of};
use crate::islands::editor_form::BODY;

/// Starts to listen.
pub(super) fn start(saver: &Rc<Saver>) {
    let saver = Rc::clone(saver);
    listen(&document(), "keydown", Box::new(move |event| pressed(&saver, &event)));
}

fn pressed(saver: &Rc<Saver>, event: &JsValue) {
    if text_of(event, "key") == "Enter" && continues_list(event) {
        return prevent_default(event);
    }
    let is_command = has(event, "ctrlKey") || has(event, "metaKey");
    if !is_command || has(event, "altKey") || has(event, "shiftKey") {
        return;
    }
    let is_in_body = text_of(&get(event, "target"), "name") == BODY;
    let command = match letter(event).as_str() {
        "s" => {
            saver.hurry();
            None
        }
        // A half-written field must not send the form.
        "enter" => None,
        "b" if is_in_body => Some(Command::Bold),
        "i" if is_in_body => Some(Command::Italic),
        "k" if is_in_body => Some(Command::Link),
        _ => return,
    };
    prevent_default(event);
    if let Some(command) = command {
        run(command);
    }
}

/// Starts the next item, if the caret is in one.
fn continues_list(event: &JsValue) -> bool {
    let held = ["ctrlKey", "altKey", "metaKey", "shiftKey", "isComposing"];
    let Some(body) = Form::body() else { return false };
    if get(event, "target") != JsValue::from(&body) || held.iter().any(|key| has(event, key)) {
        return false;
    }
    let caret = text_area::selection(&body);
    let edit = Some(caret)
        .filter(|caret| caret.start == caret.end)
        .and_then(|caret| new_line(&text_of(&body, "value"), caret.start));
    if let Some(edit) = &edit {
        text_area::apply(&body, edit);
    }
    edit.is_some()
}

/// Returns the letter of a key, on keyboards of other scripts that of its place.
fn letter(event: &JsValue) -> String {
    let key = text_of(event, "key");
    let key = if key.is_ascii() { key } else { text_of(event, "code").replace("Key", "") };
    key.to_ascii_lowercase()
}
