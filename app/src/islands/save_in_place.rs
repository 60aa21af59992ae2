//! Saves a story for later without leaving the page.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::Element;
use leptos::web_sys::js_sys::Object;

use super::dom::{
    call, document, done, find, focus, has, listen, new, prevent_default, set, set_text, spawn,
    text_of, try_call, when_hydrated, window,
};

/// Form that saves a story, or removes it from the list.
const FORM: &str = ".save-story";
/// Notice about the last act.
const NOTICE: &str = "main [role=status]";

/// Sends the form of `FORM` in the background and puts the one of the answer in its place. Shows
/// nothing itself: without scripts the form leads to the same page again.
#[island]
pub fn SaveInPlace() -> impl IntoView {
    when_hydrated(|| {
        if let Some(form) = find(&document(), FORM) {
            start(&form);
        }
    });
}

fn start(form: &Element) {
    let sent = form.clone();
    listen(
        form,
        "submit",
        Box::new(move |event| {
            prevent_default(&event);
            if has(&sent, "ariaBusy") {
                return;
            }
            set(&sent, "ariaBusy", &"true".into());
            let form = sent.clone();
            spawn(Box::pin(async move {
                if send(&form).await.is_none() {
                    // Whatever went wrong, the server says it on a page.
                    call(&form, "submit", &[]);
                }
            }));
        }),
    );
}

async fn send(form: &Element) -> Option<()> {
    let data = new("FormData", &[form.into()]);
    let options = Object::new();
    set(&options, "method", &"POST".into());
    set(&options, "body", &new("URLSearchParams", &[data]));
    let request = [text_of(form, "action").into(), options.into()];
    let answer = done(try_call(&window(), "fetch", &request)).await?;
    let text = done(
        Some(&answer)
            .filter(|answer| has(answer, "ok"))
            .and_then(|answer| try_call(answer, "text", &[])),
    )
    .await?;
    let page = call(&new("DOMParser", &[]), "parseFromString", &[text, "text/html".into()]);
    let next = find(&page, FORM)?;
    let button = find(&next, "button")?;
    call(form, "replaceWith", &[next.clone().into()]);
    announce(&page);
    focus(&button);
    start(&next);
    Some(())
}

/// Says what the answer says, also in place of what the page said before.
fn announce(page: &JsValue) -> Option<()> {
    let said = find(page, NOTICE)?;
    let output = find(&document(), "[data-saved]")?;
    set_text(&output, &text_of(&said, "textContent"));
    let earlier = find(&document(), NOTICE)?;
    call(&earlier, "replaceWith", &[said.into()]);
    Some(())
}
