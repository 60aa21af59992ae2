//! Short ways to the browser's objects.
//!
//! Properties and methods are reached by name: each typed method of `web-sys` is an import of its
//! own, and a hundred of them would be an eighth of the editor's budget.
#![cfg_attr(
    not(feature = "ssr"),
    allow(dead_code, reason = "the islands of one module need a part of it")
)]

use std::pin::Pin;

use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::js_sys::futures::{JsFuture, spawn_local};
use leptos::web_sys::js_sys::{Array, Function, Object, Promise, Reflect, global};
use leptos::web_sys::{Document, Element};

/// Runs a function in the browser, after the page is hydrated. Does nothing on the server.
///
/// Used in place of an effect: without signals the module is a third smaller.
pub(crate) fn when_hydrated(start: fn()) {
    if cfg!(target_arch = "wasm32") {
        call(&window(), "queueMicrotask", &[callback(Box::new(move |_| start()))]);
    }
}

/// Runs a task. It is boxed, so that a module has the code around tasks once.
pub(crate) fn spawn(task: Pin<Box<dyn Future<Output = ()>>>) {
    spawn_local(task);
}

/// Returns the window.
pub(crate) fn window() -> Object {
    global()
}

/// Returns the document.
pub(crate) fn document() -> Document {
    get(&window(), "document").unchecked_into()
}

/// Returns the element with an id.
pub(crate) fn by_id(id: &str) -> Option<Element> {
    found(call(&document(), "getElementById", &[id.into()]))
}

/// Returns the first element in another one that a selector describes.
pub(crate) fn find(root: &JsValue, selector: &str) -> Option<Element> {
    found(call(root, "querySelector", &[selector.into()]))
}

/// Returns all elements that a selector describes.
pub(crate) fn find_all(root: &JsValue, selector: &str) -> Vec<Element> {
    items(&call(root, "querySelectorAll", &[selector.into()]))
}

/// Returns the closest element around another one that a selector describes.
pub(crate) fn closest(element: &Element, selector: &str) -> Option<Element> {
    found(call(element, "closest", &[selector.into()]))
}

/// Returns the items of a list.
pub(crate) fn items<T: leptos::wasm_bindgen::JsCast>(list: &JsValue) -> Vec<T> {
    if is_missing(list) {
        return Vec::new();
    }
    Array::from(list).iter().map(T::unchecked_from_js).collect()
}

/// Returns a property; undefined when it is missing.
pub(crate) fn get(object: &JsValue, property: &str) -> JsValue {
    Reflect::get(object, &property.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Returns a property as text; empty when it is missing.
pub(crate) fn text_of(object: &JsValue, property: &str) -> String {
    let value = get(object, property);
    match value.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "our numbers are whole and small")]
        Some(number) => (number as i64).to_string(),
        None => value.as_string().unwrap_or_default(),
    }
}

/// Returns whether a property is set and not false, zero or empty.
pub(crate) fn has(object: &JsValue, property: &str) -> bool {
    get(object, property).is_truthy()
}

/// Sets a property.
pub(crate) fn set(object: &JsValue, property: &str, value: &JsValue) {
    // Fails only for a target that is not an object.
    let _ = Reflect::set(object, &property.into(), value);
}

/// Calls a method. Returns undefined when there is none, or it fails.
pub(crate) fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
    try_call(object, method, arguments).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a method. Returns `None` when there is none, or it fails.
pub(crate) fn try_call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method: Function = Some(get(object, method)).filter(JsValue::is_function)?.unchecked_into();
    Reflect::apply(&method, object, &array(arguments)).ok()
}

/// Makes an object of a class of the browser.
pub(crate) fn new(class: &str, arguments: &[JsValue]) -> JsValue {
    let class: Function = get(&window(), class).unchecked_into();
    Reflect::construct(&class, &array(arguments)).unwrap_or(JsValue::UNDEFINED)
}

/// Waits for a promise. Returns `None` when there is none, or it fails.
pub(crate) async fn done(promise: Option<JsValue>) -> Option<JsValue> {
    let promise: Promise = promise?.unchecked_into();
    JsFuture::from(promise).await.ok()
}

/// Returns an attribute.
pub(crate) fn attribute(element: &Element, name: &str) -> Option<String> {
    call(element, "getAttribute", &[name.into()]).as_string()
}

/// Sets an attribute.
pub(crate) fn set_attribute(element: &Element, name: &str, value: &str) {
    // Fails only for names that are none.
    let _ = element.set_attribute(name, value);
}

/// Returns the time.
pub(crate) fn now() -> f64 {
    call(&get(&window(), "Date"), "now", &[]).as_f64().unwrap_or_default()
}

/// Calls a function at each event, for as long as the page lives.
pub(crate) fn listen(target: &JsValue, event: &str, handler: Box<dyn FnMut(JsValue)>) {
    call(target, "addEventListener", &[event.into(), callback(handler)]);
}

/// Calls a function after a time. Returns the timer.
pub(crate) fn after(wait: f64, handler: Box<dyn FnMut(JsValue)>) -> JsValue {
    call(&window(), "setTimeout", &[callback(handler), wait.max(0.0).into()])
}

/// Makes a function of the browser.
pub(crate) fn callback(handler: Box<dyn FnMut(JsValue)>) -> JsValue {
    Closure::<dyn FnMut(JsValue)>::wrap(handler).into_js_value()
}

/// Keeps the browser from doing what it does at an event.
pub(crate) fn prevent_default(event: &JsValue) {
    call(event, "preventDefault", &[]);
}

/// Shows a text in an element.
pub(crate) fn set_text(element: &JsValue, text: &str) {
    set(element, "textContent", &text.into());
}

/// Makes an element with a class and a text.
pub(crate) fn element(tag: &str, class: &str, text: &str) -> Element {
    let element: Element = call(&document(), "createElement", &[tag.into()]).unchecked_into();
    set(&element, "className", &class.into());
    set_text(&element, text);
    element
}

/// Makes a button that submits nothing.
pub(crate) fn button(label: &str, click: Box<dyn FnMut(JsValue)>) -> Element {
    let button = element("button", "btn quiet small", label);
    set(&button, "type", &"button".into());
    listen(&button, "click", click);
    button
}

/// Adds an element at the end of another one.
pub(crate) fn append(parent: &JsValue, child: &JsValue) {
    call(parent, "append", std::slice::from_ref(child));
}

/// Moves the focus to an element.
pub(crate) fn focus(element: &JsValue) {
    call(element, "focus", &[]);
}

/// Returns the hour and minute of a time, in a zone or else in that of the browser.
pub(crate) fn clock_time(date: &JsValue, zone: &str) -> String {
    let options = Object::new();
    set(&options, "hour", &"2-digit".into());
    set(&options, "minute", &"2-digit".into());
    if !zone.is_empty() {
        set(&options, "timeZone", &zone.into());
    }
    call(date, "toLocaleTimeString", &["en-GB".into(), options.into()])
        .as_string()
        .unwrap_or_default()
}

/// Returns digits that no other page has; they guard nothing.
pub(crate) fn random_id() -> String {
    let math = get(&window(), "Math");
    let part = || {
        let number = call(&math, "random", &[]).as_f64().unwrap_or_default();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 1e15"
        )]
        ((number * 1e15) as u64).to_string()
    };
    [part(), part()].concat()
}

/// Returns whether a value is null or undefined.
pub(crate) fn is_missing(value: &JsValue) -> bool {
    value.is_null() || value.is_undefined()
}

fn found(value: JsValue) -> Option<Element> {
    (!is_missing(&value)).then(|| value.unchecked_into())
}

fn array(values: &[JsValue]) -> Array {
    let array = Array::new();
    for value in values {
        array.push(value);
    }
    array
}
