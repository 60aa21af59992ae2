//! The island: puts the parts together.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::web_sys::js_sys::Date;

use super::dom::{clock_time, document, listen, window};
use super::form::Form;
use super::local_copy;
use super::notices::Notice;
use super::pictures::Pictures;
use super::preview::Preview;
use super::saver::Saver;
use super::submit::{self, name_of, value_of};
use super::{shortcuts, toolbar};
use crate::islands::editor_form::{ACTION, CHOOSE, PREVIEW, TOOLBAR_ID};

/// Enhances the editor's form: saving in the background, preview, toolbar, shortcuts and pictures.
/// Its place is that of the toolbar. Without scripts it shows nothing.
#[island]
pub fn StoryEditor() -> impl IntoView {
    Effect::new(|_| {
        if let Some(form) = Form::find() {
            start(form);
        }
    });
    view! { <div id=TOOLBAR_ID class="editor-tools"></div> }
}

fn start(form: Form) {
    let pictures = Pictures::start(form.clone());
    let preview = Preview::start(form.clone());
    let saver = Saver::start(form.clone());
    let chooses = Rc::clone(&pictures);
    // A missing toolbar leaves the shortcuts.
    let _ = toolbar::start(Rc::new(move || chooses.choose_for_body()));
    shortcuts::start(&saver);
    offer_copies(&saver);
    for event in ["input", "change"] {
        let (saver, preview) = (Rc::clone(&saver), Rc::clone(&preview));
        listen(form.element(), event, move |event| {
            if Form::is_about_field(&event) {
                saver.typed();
                preview.typed();
            }
        });
    }
    let filled = Rc::clone(&preview);
    saver.on_filled(move || filled.typed());
    submit::start(
        &saver,
        Rc::new(move |button| match (name_of(button).as_str(), value_of(button).as_str()) {
            (ACTION, PREVIEW) => {
                preview.open();
                true
            }
            (CHOOSE, _) => {
                pictures.choose(button);
                true
            }
            _ => false,
        }),
    );
    watch_page(&saver);
}

/// Saves when the page goes out of sight, and warns only when text is kept nowhere.
fn watch_page(saver: &Rc<Saver>) {
    let (Some(window), Some(document)) = (window(), document()) else { return };
    let unsaved = Rc::clone(saver);
    listen(&window, "beforeunload", move |event| {
        if !unsaved.keep_copy() {
            event.prevent_default();
        }
    });
    for name in ["online", "focus"] {
        let waiting = Rc::clone(saver);
        listen(&window, name, move |_| waiting.retry());
    }
    let shown = Rc::clone(saver);
    listen(&window, "pageshow", move |_| shown.returned());
    let hidden = Rc::clone(saver);
    listen(&document, "visibilitychange", move |_| {
        hidden.keep_copy();
        hidden.hurry();
    });
}

/// Offers the text that an earlier page could not save.
fn offer_copies(saver: &Rc<Saver>) {
    let form = saver.form();
    for copy in saver.copy().found(&form.read()) {
        let at = clock_time(&Date::new(&copy.at.into()), &form.zone());
        let text = ["A newer copy of this story is on this device (", &at, ")."].concat();
        let Some(notice) = Notice::show(form, &text) else { return };
        let (restores, restored) = (Rc::clone(saver), copy.key.clone());
        let discarded = copy.key;
        let fields = copy.fields;
        let buttons = [
            notice.closing_button("Restore", move || restores.restore(restored.clone(), &fields)),
            notice.closing_button("Discard", move || local_copy::remove(&discarded)),
        ];
        notice.add_buttons(buttons);
    }
}
