//! The toolbar over the body.

use std::rc::Rc;

use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::Element;

use super::form::Form;
use super::format::{Command, apply};
use super::text_area;
use crate::islands::dom::{attribute, by_id, closest, find_all, focus, get, listen};
use crate::islands::dom::{prevent_default, set, set_attribute, text_of};
use crate::islands::editor_form::TOOLBAR_ID;

/// Makes the buttons work, which the page has, and shows them. `picture` chooses a picture for the
/// body.
pub(super) fn start(picture: &Rc<dyn Fn()>) {
    let Some(bar) = by_id(TOOLBAR_ID) else { return };
    let picture = Rc::clone(picture);
    let click = move |event: JsValue| {
        let target: Element = get(&event, "target").unchecked_into();
        let button = closest(&target, "button");
        let command = button.and_then(|button| attribute(&button, "data-command"));
        let Some(command) = command else { return };
        run(match command.as_str() {
            "bold" => Command::Bold,
            "italic" => Command::Italic,
            "heading" => Command::Heading,
            "quote" => Command::Quote,
            "link" => Command::Link,
            "list" => Command::List,
            "code" => Command::Code,
            _ => return picture(),
        });
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
