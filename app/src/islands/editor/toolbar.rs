//! The toolbar over the body.

use std::rc::Rc;

use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::Element;

use super::form::Form;
use super::format::{Command, apply};
use super::text_area;
use crate::islands::dom::{append, by_id, element, find_all, focus, get, listen, prevent_default};
use crate::islands::dom::{set, set_attribute, text_of};
use crate::islands::editor_form::{BODY, TOOLBAR_ID};

/// Label, sign and command of each button; `None` chooses a picture.
const BUTTONS: [(&str, &str, Option<Command>); 8] = [
    ("Bold (Ctrl+B)", "B", Some(Command::Bold)),
    ("Italic (Ctrl+I)", "I", Some(Command::Italic)),
    ("Heading", "H", Some(Command::Heading)),
    ("Quote", "\u{201d}", Some(Command::Quote)),
    ("Link (Ctrl+K)", "\u{2197}", Some(Command::Link)),
    ("List", "\u{2022}", Some(Command::List)),
    ("Picture", "\u{25a3}", None),
    ("Code", "<>", Some(Command::Code)),
];

/// Fills the toolbar. `picture` chooses a picture for the body.
pub(super) fn start(picture: &Rc<dyn Fn()>) {
    let Some(bar) = by_id(TOOLBAR_ID) else { return };
    set_attribute(&bar, "role", "toolbar");
    set_attribute(&bar, "aria-label", "Formatting");
    set_attribute(&bar, "aria-controls", BODY);
    for (index, (title, sign, command)) in BUTTONS.into_iter().enumerate() {
        let button = element("button", "", sign);
        set(&button, "type", &"button".into());
        set(&button, "title", &title.into());
        set_attribute(&button, "aria-label", title.split(' ').next().unwrap_or(title));
        set(&button, "tabIndex", &(if index == 0 { 0 } else { -1 }).into());
        let picture = Rc::clone(picture);
        let click = move |_| match command {
            Some(command) => run(command),
            None => picture(),
        };
        listen(&button, "click", Box::new(click));
        append(&bar, &button);
    }
    let buttons = bar.clone();
    listen(&bar, "keydown", Box::new(move |event| move_focus(&buttons, &event)));
}

/// Applies a command to the selection of the body.
pub(super) fn run(command: Command) {
    let Some(body) = Form::body() else { return };
    let edit = apply(&text_of(&body, "value"), text_area::selection(&body), command);
    text_area::apply(&body, &edit);
}

/// Moves the focus within the toolbar, which is one stop of the tab key.
fn move_focus(bar: &Element, event: &JsValue) {
    let (buttons, focused) = (find_all(bar, "button"), get(event, "target"));
    let Some(current) = buttons.iter().position(|button| JsValue::from(button) == focused) else {
        return;
    };
    let last = buttons.len() - 1;
    let next = match text_of(event, "key").as_str() {
        "ArrowRight" => {
            if current == last {
                0
            } else {
                current + 1
            }
        }
        "ArrowLeft" => {
            if current == 0 {
                last
            } else {
                current - 1
            }
        }
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    prevent_default(event);
    for (index, button) in buttons.iter().enumerate() {
        set(button, "tabIndex", &(if index == next { 0 } else { -1 }).into());
        if index == next {
            focus(button);
        }
    }
}
