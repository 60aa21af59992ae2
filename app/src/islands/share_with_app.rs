//! Hands a story to another app of the reader's device (W3C Web Share).

use leptos::prelude::*;
use leptos::web_sys::js_sys::Object;

use super::dom::{
    call, callback, document, find, get, has, listen, set, text_of, when_hydrated, window,
};

/// Button of the page, hidden until the browser is known to share.
const BUTTON: &str = "[data-share]";
/// Field with the address of the story.
const LINK: &str = "#share-link";

/// Shows the button of `BUTTON` where the browser can share. Shows nothing itself: the link and
/// the e-mail beside the button need no script.
#[island]
pub fn ShareWithApp() -> impl IntoView {
    when_hydrated(|| {
        let Some(button) = find(&document(), BUTTON) else { return };
        if has(&get(&window(), "navigator"), "share") {
            set(&button, "hidden", &false.into());
            listen(&button, "click", Box::new(|_| share()));
        }
    });
}

fn share() {
    let Some(link) = find(&document(), LINK) else { return };
    let story = Object::new();
    set(&story, "url", &text_of(&link, "value").into());
    set(&story, "title", &get(&document(), "title"));
    let shared = call(&get(&window(), "navigator"), "share", &[story.into()]);
    // It fails when the reader closes the list of apps, which is no error.
    call(&shared, "catch", &[callback(Box::new(|_| {}))]);
}
