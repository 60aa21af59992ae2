//! Keys: save, bold, italic and link.

use std::rc::Rc;

use leptos::wasm_bindgen::JsValue;

use super::format::Command;
use super::saver::Saver;
use super::toolbar::run;
use crate::islands::dom::{document, get, has, listen, prevent_default, text_of};
use crate::islands::editor_form::BODY;

/// Starts to listen.
pub(super) fn start(saver: &Rc<Saver>) {
    let saver = Rc::clone(saver);
    listen(&document(), "keydown", Box::new(move |event| pressed(&saver, &event)));
}

fn pressed(saver: &Rc<Saver>, event: &JsValue) {
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

/// Returns the letter of a key, on keyboards of other scripts that of its place.
fn letter(event: &JsValue) -> String {
    let key = text_of(event, "key");
    let key = if key.is_ascii() { key } else { text_of(event, "code").replace("Key", "") };
    key.to_ascii_lowercase()
}
