//! Short ways to the browser's objects.

use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Date, Reflect};
use leptos::web_sys::{Document, Element, Event, EventTarget, HtmlElement, Storage, Window};

use super::autosave::Millis;

/// Returns the window; `None` outside a browser.
pub(super) fn window() -> Option<Window> {
    leptos::web_sys::window()
}

/// Returns the document.
pub(super) fn document() -> Option<Document> {
    window()?.document()
}

/// Returns the element with an id.
pub(super) fn by_id(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Returns the time.
pub(super) fn now() -> Millis {
    Date::now()
}

/// Calls a function at each event, for as long as the page lives.
pub(super) fn listen(target: &EventTarget, event: &str, handler: impl FnMut(Event) + 'static) {
    let handler = Closure::<dyn FnMut(Event)>::new(handler).into_js_value();
    // Fails only for a handler that is not a function.
    let _ = target.add_event_listener_with_callback(event, handler.unchecked_ref());
}

/// Calls a function after a time. Returns the id of the timer.
pub(super) fn after(wait: Millis, handler: impl FnOnce() + 'static) -> Option<i32> {
    let handler = Closure::once_into_js(handler);
    #[expect(clippy::cast_possible_truncation, reason = "waits are short")]
    let wait = wait.max(0.0) as i32;
    let window = window()?;
    window.set_timeout_with_callback_and_timeout_and_arguments_0(handler.unchecked_ref(), wait).ok()
}

/// Stops a timer.
pub(super) fn stop(timer: i32) {
    if let Some(window) = window() {
        window.clear_timeout_with_handle(timer);
    }
}

/// Returns the storage that outlives the page, if the browser allows it.
pub(super) fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// Returns a property as text; empty when it is missing.
pub(super) fn text_of(object: &JsValue, property: &str) -> String {
    let value = property_of(object, property);
    match value.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "our numbers are whole and small")]
        Some(number) => (number as i64).to_string(),
        None => value.as_string().unwrap_or_default(),
    }
}

/// Returns a property; undefined when it is missing.
pub(super) fn property_of(object: &JsValue, property: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(property)).unwrap_or(JsValue::UNDEFINED)
}

/// Sets a property.
pub(super) fn set_property(object: &JsValue, property: &str, value: &JsValue) {
    // Fails only for a target that is not an object.
    let _ = Reflect::set(object, &JsValue::from_str(property), value);
}

/// Makes an element with a class and a text.
pub(super) fn element(tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document()?.create_element(tag).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    element.set_text_content(Some(text));
    Some(element)
}

/// Makes a button that submits nothing.
pub(super) fn button(label: &str, click: impl FnMut(Event) + 'static) -> Option<Element> {
    let button = element("button", "btn quiet small", label)?;
    button.set_attribute("type", "button").ok()?;
    listen(&button, "click", click);
    Some(button)
}

/// Adds an element at the end of another one.
pub(super) fn append(parent: &Element, child: Option<Element>) {
    if let Some(child) = child {
        // Fails only when the parent is inside the child.
        let _ = parent.append_child(&child);
    }
}

/// Returns the hour and minute of a time, in a zone or else in that of the browser.
pub(super) fn clock_time(at: &Date, zone: &str) -> String {
    let options = leptos::web_sys::js_sys::Object::new();
    set_property(&options, "hour", &"2-digit".into());
    set_property(&options, "minute", &"2-digit".into());
    if !zone.is_empty() {
        set_property(&options, "timeZone", &zone.into());
    }
    at.to_locale_time_string_with_options("en-GB", &options).into()
}
