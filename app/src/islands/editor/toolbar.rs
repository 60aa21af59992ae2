//! The toolbar over the body.

use std::rc::Rc;

use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::Element;

use super::form::Form;
use super::format::{Command, apply};
use super::text_area;
use crate::islands::dom::{by_id, closest, find_all, focus, get, listen};
use crate::islands::dom::{prevent_default, set, set_attribute, text_of};
use crate::islands::editor_form::TOOLBAR_ID;

/// Commands of the buttons, in the order of the page; `None` chooses a picture.
const COMMANDS: [Option<Command>; 8] = [
    Some(Command::Bold),
    Some(Command::Italic),
    Some(Command::Heading),
    Some(Command::Quote),
    Some(Command::Link),
    Some(Command::List),
    None,
    Some(Command::Code),
];

/// Makes the buttons work, which the page has, and shows them. `picture` chooses a picture for the
/// body.
pub(super) fn start(picture: &Rc<dyn Fn()>) {
    let Some(bar) = by_id(TOOLBAR_ID) else { return };
    let (picture, buttons) = (Rc::clone(picture), bar.clone());
    let click = move |event: JsValue| {
        let button = closest(&get(&event, "target").unchecked_into(), "button");
        let at = find_all(&buttons, "button").into_iter().position(|it| Some(it) == button);
        match at.and_then(|at| COMMANDS.get(at)) {
            Some(Some(command)) => run(*command),
            Some(None) => picture(),
            None => {}
        }
    };
    listen(&bar, "click", Box::new(click));
    let buttons = bar.clone();
    listen(&bar, "keydown", Box::new(move |event| move_focus(&buttons, &event)));
    set_attribute(&bar, "data-ready", "");
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
