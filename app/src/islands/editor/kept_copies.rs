//! Unsaved text that only this browser has, on pages other than its editor's: after a story can no
//! longer be opened, and before its author signs out.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::Element;
use leptos::web_sys::js_sys::futures::spawn_local;

use super::conflicts::copy;
use super::form::Form;
use super::local_copy::{self, Found};
use super::notices::Notice;
use crate::islands::dom::{append, clock_time, prevent_default, set_attribute, text_of};
use crate::islands::dom::{attribute, call, document, done, element, find, get, has, listen, new};
use crate::islands::dom::{try_call, when_hydrated, window};
use crate::islands::editor_form::{FORM_ID, KEPT_ATTRIBUTE, ZONE_ATTRIBUTE};

/// Form that signs out, after which the browser has none of these texts.
const SIGN_OUT: &str = "/auth/logout";

/// Shows the copies of the person whom the element around it names. Without any it shows nothing.
#[island]
pub fn KeptCopies() -> impl IntoView {
    when_hydrated(|| {
        start();
    });
    view! { <div hidden></div> }
}

fn start() -> Option<()> {
    let place = find(&document(), &["[", KEPT_ATTRIBUTE, "]"].concat())?;
    let person = attribute(&place, KEPT_ATTRIBUTE)?;
    for found in local_copy::of_person(&person) {
        let place = place.clone();
        spawn_local(async move {
            check(&place, found).await;
        });
    }
    let asked = Cell::new(false);
    let signs_out = move |event: JsValue| {
        let form: Element = get(&event, "target").unchecked_into();
        let is_one = attribute(&form, "action").is_some_and(|path| path == SIGN_OUT);
        if is_one && find(&place, "section").is_some() && !asked.replace(true) {
            prevent_default(&event);
            let text = "Signing out deletes this text from this browser. Copy it first, or choose \
                 \u{201c}Sign out\u{201d} again.";
            let warning = element("p", "failure", text);
            set_attribute(&warning, "role", "alert");
            append(&place, &warning);
            call(&place, "scrollIntoView", &[]);
        }
    };
    listen(&document(), "submit", Box::new(signs_out));
    Some(())
}

/// Shows a copy, unless its story has that text.
async fn check(place: &Element, found: Found) -> Option<()> {
    let path = found.path().to_owned();
    let is_here = text_of(&get(&window(), "location"), "pathname") == path;
    let page = if is_here { None } else { load(&path).await };
    if page.as_ref().is_some_and(|page| !found.differs(&Form::in_page(page))) {
        local_copy::remove(&found.key);
        return None;
    }
    let zone = attribute(place, ZONE_ATTRIBUTE).unwrap_or_default();
    let at = clock_time(&new("Date", &[found.at.into()]), &zone);
    let notice =
        Notice::show_in(place, &["You have text of ", &at, " that is not saved."].concat());
    if page.is_some() {
        notice.add_link("Open its story to restore it", &path);
    }
    let text = found.text();
    notice.add_text(&text);
    let copied = Rc::new(text);
    let (discarded, copied) = (found.key, move || copy(&copied));
    notice.add_buttons(&[
        crate::islands::dom::button("Copy", Box::new(move |_| copied())),
        notice.closing_button("Discard", Box::new(move || local_copy::remove(&discarded))),
    ]);
    None
}

/// Loads the page of an editor; `None` if the story cannot be opened.
async fn load(path: &str) -> Option<JsValue> {
    let answer = done(try_call(&window(), "fetch", &[path.into()])).await?;
    let answer = Some(answer).filter(|answer| has(answer, "ok"))?;
    let html = done(try_call(&answer, "text", &[])).await?;
    let parser = new("DOMParser", &[]);
    let page = call(&parser, "parseFromString", &[html, "text/html".into()]);
    find(&page, &["#", FORM_ID].concat()).map(JsValue::from)
}
