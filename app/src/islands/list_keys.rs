//! Keys for lists of stories: `/` searches, `j` and `k` move, `?` explains.

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::Element;

use super::dom::{
    call, closest, document, find, find_all, focus, get, has, is_missing, listen, prevent_default,
    set, text_of, try_call, when_hydrated, window,
};

/// Key in the browser's storage of the choice to turn the shortcuts off.
const CHOICE: &str = "gazette-keys";
const STORIES: &str = "main :is(h2, h3) > a";

/// Starts the keys, and shows the button that explains them and switches them off. The page has
/// the button (`components::list_tools`); it stays hidden without scripts.
///
/// One key alone must be possible to switch off (WCAG 2.2, 2.1.4).
#[island]
pub fn ListKeys() -> impl IntoView {
    when_hydrated(|| {
        start();
    });
}

fn start() -> Option<()> {
    let root = find(&document(), ".keys[hidden]")?;
    let (button, dialog) = (find(&root, "button")?, find(&root, "dialog")?);
    let switch = find(&dialog, "input")?;
    set(&root, "hidden", &false.into());
    set(&switch, "checked", &is_on().into());
    let opened = dialog.clone();
    listen(&button, "click", Box::new(move |_| open(&opened)));
    let choice = switch.clone();
    listen(&switch, "change", Box::new(move |_| choose(has(&choice, "checked"))));
    listen(
        &document(),
        "keydown",
        Box::new(move |event| {
            if has(&switch, "checked") && !is_for_something_else(&event) {
                act(&event, &dialog);
            }
        }),
    );
    Some(())
}

fn act(event: &JsValue, dialog: &Element) {
    match text_of(event, "key").as_str() {
        "/" => {
            if let Some(field) = find(&document(), "input[type=search]") {
                prevent_default(event);
                focus(&field);
            }
        }
        "j" => step(1),
        "k" => step(-1),
        "?" => open(dialog),
        _ => {}
    }
}

/// Moves the focus to the next or previous story.
fn step(by: isize) {
    let stories = find_all(&document(), STORIES);
    let active = get(&document(), "activeElement");
    let at = stories.iter().position(|story| JsValue::from(story) == active);
    let next = match at {
        Some(at) => at.checked_add_signed(by),
        None if by > 0 => Some(0),
        None => None,
    };
    if let Some(story) = next.and_then(|next| stories.get(next)) {
        focus(story);
    }
}

fn open(dialog: &Element) {
    if !has(dialog, "open") {
        call(dialog, "showModal", &[]);
    }
}

/// Returns whether a key is meant for a field, the browser or an open dialog.
fn is_for_something_else(event: &JsValue) -> bool {
    let held = ["ctrlKey", "altKey", "metaKey", "defaultPrevented", "isComposing"];
    let target = get(event, "target");
    let within = "input, textarea, select, [contenteditable], dialog";
    held.iter().any(|name| has(event, name))
        || !is_missing(&target) && closest(&target.unchecked_into(), within).is_some()
}

fn is_on() -> bool {
    let kept = try_call(&storage(), "getItem", &[CHOICE.into()]);
    kept.and_then(|kept| kept.as_string()).is_none_or(|kept| kept != "off")
}

fn choose(on: bool) {
    call(&storage(), "setItem", &[CHOICE.into(), if on { "on" } else { "off" }.into()]);
}

fn storage() -> JsValue {
    get(&window(), "localStorage")
}
