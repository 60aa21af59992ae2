//! Keys: save, bold, italic and link.

use std::rc::Rc;

use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{Event, KeyboardEvent};

use super::dom::{document, listen, text_of};
use super::format::Command;
use super::saver::Saver;
use super::toolbar::run;
use crate::islands::editor_form::BODY;

/// Starts to listen.
pub(super) fn start(saver: &Rc<Saver>) {
    let Some(document) = document() else { return };
    let saver = Rc::clone(saver);
    listen(&document, "keydown", move |event| pressed(&saver, &event));
}

fn pressed(saver: &Rc<Saver>, event: &Event) {
    let Some(keys) = event.dyn_ref::<KeyboardEvent>() else { return };
    if !(keys.ctrl_key() || keys.meta_key()) || keys.alt_key() || keys.shift_key() {
        return;
    }
    let is_in_body = event.target().is_some_and(|target| text_of(&target, "name") == BODY);
    let command = match letter(keys).as_str() {
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
    event.prevent_default();
    if let Some(command) = command {
        run(command);
    }
}

/// Returns the letter of a key, on keyboards of other scripts that of its place.
fn letter(keys: &KeyboardEvent) -> String {
    let key = keys.key();
    if key.is_ascii() {
        return key.to_ascii_lowercase();
    }
    keys.code().trim_start_matches("Key").to_ascii_lowercase()
}
