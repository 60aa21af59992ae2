//! The island: puts the parts together.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;

use super::form::Form;
use super::local_copy::{self, Found};
use super::notices::Notice;
use super::pictures::Pictures;
use super::preview::Preview;
use super::saver::Saver;
use super::{shortcuts, submit, toolbar};
use crate::islands::dom::{clock_time, document, has, listen, new, prevent_default, text_of};
use crate::islands::dom::{when_hydrated, window};
use crate::islands::editor_form::{ACTION, CHOOSE, PREVIEW};

/// Enhances the editor's form: saving in the background, preview, toolbar, shortcuts and pictures.
/// It shows nothing itself.
#[island]
pub fn StoryEditor() -> impl IntoView {
    when_hydrated(|| {
        if let Some(form) = Form::find() {
            start(&form);
        }
    });
    view! { <span hidden></span> }
}

fn start(form: &Form) {
    let pictures = Pictures::start(form.clone());
    let preview = Preview::start(form.clone());
    let saver = Saver::start(form.clone());
    let chooses = Rc::clone(&pictures);
    let picture: Rc<dyn Fn()> = Rc::new(move || chooses.choose_for_body());
    toolbar::start(&picture);
    shortcuts::start(&saver);
    let copies = saver.copy().found(&form.read());
    offer_copy(&saver, Rc::new(RefCell::new(copies)));
    let (typing, typed) = (Rc::clone(&saver), Rc::clone(&preview));
    let input = move |event| {
        if Form::is_about_field(&event) {
            typing.typed();
            typed.typed();
        }
    };
    listen(form.element(), "input", Box::new(input));
    let filled = Rc::clone(&preview);
    saver.on_filled(move || filled.typed());
    submit::start(
        &saver,
        Rc::new(move |button| {
            match (text_of(button, "name").as_str(), text_of(button, "value").as_str()) {
                (ACTION, PREVIEW) => {
                    preview.open();
                    true
                }
                (CHOOSE, _) => {
                    pictures.choose(button);
                    true
                }
                _ => false,
            }
        }),
    );
    watch_page(&saver);
}

/// Saves when the page goes out of sight, and warns only when text is kept nowhere.
fn watch_page(saver: &Rc<Saver>) {
    let (window, document) = (window(), document());
    let unsaved = Rc::clone(saver);
    let leaves = move |event| {
        if !unsaved.keep_copy() {
            prevent_default(&event);
        }
    };
    listen(&window, "beforeunload", Box::new(leaves));
    for name in ["online", "focus"] {
        let waiting = Rc::clone(saver);
        listen(&window, name, Box::new(move |_| waiting.retry()));
    }
    let shown = Rc::clone(saver);
    listen(&window, "pageshow", Box::new(move |_| shown.returned()));
    let left = Rc::clone(saver);
    listen(&window, "pagehide", Box::new(move |_| left.leaves()));
    let (hidden, page) = (Rc::clone(saver), document.clone());
    let hides = move |_| hidden.hides(has(&page, "hidden"));
    listen(&document, "visibilitychange", Box::new(hides));
}

/// Offers the text that an earlier page could not save: one copy at a time, the latest first.
fn offer_copy(saver: &Rc<Saver>, copies: Rc<RefCell<Vec<Found>>>) {
    let Some(copy) = copies.borrow_mut().pop() else { return };
    let form = saver.form();
    let fields = form.read();
    let at = clock_time(&new("Date", &[copy.at.into()]), &form.zone());
    let words = copy.words(&fields);
    let text = ["A newer copy of this story is on this device (", &at, "): \u{201c}", &words];
    let notice = Notice::show(form, &[&text.concat(), "\u{2026}\u{201d}"].concat());
    let copy = Rc::new(copy);
    let (restored, restoring) = (Rc::clone(&copy), Rc::clone(saver));
    let discarding = Rc::clone(saver);
    let restore = move || restoring.restore(&restored);
    let discard = move || {
        local_copy::remove(&copy.key);
        offer_copy(&discarding, Rc::clone(&copies));
    };
    notice.add_buttons(&[
        notice.closing_button("Restore", Box::new(restore)),
        notice.closing_button("Discard", Box::new(discard)),
    ]);
}
