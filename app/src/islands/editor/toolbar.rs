//! The toolbar over the body.

use std::rc::Rc;

use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::dom::{append, by_id, element, listen};
use super::form::Form;
use super::format::{Command, apply};
use super::text_area;
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
pub(super) fn start(picture: Rc<dyn Fn()>) -> Option<()> {
    let bar = by_id(TOOLBAR_ID)?;
    bar.set_attribute("role", "toolbar").ok()?;
    bar.set_attribute("aria-label", "Formatting").ok()?;
    bar.set_attribute("aria-controls", BODY).ok()?;
    for (index, (label, sign, command)) in BUTTONS.into_iter().enumerate() {
        let button = element("button", "", sign)?;
        for (name, value) in [
            ("type", "button"),
            ("aria-label", label.split(" (").next().unwrap_or(label)),
            ("title", label),
            ("tabindex", if index == 0 { "0" } else { "-1" }),
        ] {
            button.set_attribute(name, value).ok()?;
        }
        let picture = Rc::clone(&picture);
        listen(&button, "click", move |_| match command {
            Some(command) => run(command),
            None => picture(),
        });
        append(&bar, Some(button));
    }
    let buttons = bar.clone();
    listen(&bar, "keydown", move |event| move_focus(&buttons, &event));
    Some(())
}

/// Applies a command to the selection of the body.
pub(super) fn run(command: Command) {
    let Some(body) = Form::body() else { return };
    let edit = apply(&body.value(), text_area::selection(&body), command);
    text_area::apply(&body, &edit);
}

/// Moves the focus within the toolbar, which is one stop of the tab key.
fn move_focus(bar: &Element, event: &Event) {
    let Some(key) = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key) else { return };
    let buttons = bar.children();
    let count = buttons.length();
    let focused = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(current) = (0..count).find(|index| buttons.item(*index) == focused) else { return };
    let next = match key.as_str() {
        "ArrowRight" => (current + 1) % count,
        "ArrowLeft" => (current + count - 1) % count,
        "Home" => 0,
        "End" => count - 1,
        _ => return,
    };
    event.prevent_default();
    for index in 0..count {
        let button = buttons.item(index).and_then(|button| button.dyn_into::<HtmlElement>().ok());
        let Some(button) = button else { continue };
        button.set_tab_index(if index == next { 0 } else { -1 });
        if index == next {
            // Fails only without a window.
            let _ = button.focus();
        }
    }
}
