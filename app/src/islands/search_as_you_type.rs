//! Headlines below the search field, while a reader types.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::Element;
use leptos::web_sys::js_sys::Object;

use super::dom::{
    after, append, call, closest, document, done, element, find_all, get, has, is_missing, items,
    listen, new, prevent_default, set, set_attribute, set_text, spawn, text_of, try_call,
    when_hydrated, window,
};

/// Time without a key after which the server is asked, in milliseconds.
const PAUSE: f64 = 150.0;
/// Headlines that are shown.
const MAX_SHOWN: usize = 6;
/// Shortest text that is searched for, in bytes: one letter fits nearly every story, one
/// character of Chinese or Japanese does not.
const MIN_TEXT: usize = 2;

/// Shows headlines below every field that searches stories. Shows nothing itself: the forms work
/// without it.
///
/// Follows the pattern of a combobox with a list (ARIA Authoring Practices): the focus stays in
/// the field, and Enter opens a story only after an arrow has chosen it.
#[island]
pub fn SearchAsYouType() -> impl IntoView {
    when_hydrated(|| {
        for field in find_all(&document(), "form[role=search] [type=search]") {
            start(field);
        }
    });
}

/// A field and its list.
struct Search {
    field: Element,
    list: Element,
    said: Element,
    chosen: Cell<Option<usize>>,
    /// Counts the changes of the text, so that only the last of a series asks.
    changes: Cell<u32>,
    is_asking: Cell<bool>,
    /// Escape was pressed after the last change: an answer on its way is not shown.
    is_dismissed: Cell<bool>,
}

fn start(field: Element) {
    let list = element("ul", "found-headlines", "");
    let said = element("output", "visually-hidden", "");
    let id = ["found-", &text_of(&field, "id")].concat();
    for (element, name, value) in [
        (&list, "id", id.as_str()),
        (&list, "role", "listbox"),
        (&list, "aria-label", "Stories"),
        (&field, "role", "combobox"),
        (&field, "aria-autocomplete", "list"),
        (&field, "aria-controls", &id),
    ] {
        set_attribute(element, name, value);
    }
    call(&field, "after", &[list.clone().into(), said.clone().into()]);
    let search = Rc::new(Search {
        field,
        list,
        said,
        chosen: Cell::default(),
        changes: Cell::default(),
        is_asking: Cell::default(),
        is_dismissed: Cell::default(),
    });
    search.close();
    for (target, event) in [
        (&search.field, "input"),
        (&search.field, "compositionend"),
        (&search.field, "keydown"),
        (&search.field, "blur"),
        (&search.list, "mousedown"),
        (&search.list, "click"),
    ] {
        let search = Rc::clone(&search);
        listen(target, event, Box::new(move |event| search.handle(&event)));
    }
}

impl Search {
    fn handle(self: &Rc<Self>, event: &JsValue) {
        if has(event, "isComposing") {
            return;
        }
        match text_of(event, "type").as_str() {
            "keydown" => self.key(event),
            "blur" => self.close(),
            // The field keeps the focus, and the list stays until the click.
            "mousedown" => prevent_default(event),
            "click" => {
                let target: Element = get(event, "target").unchecked_into();
                if let Some(option) = closest(&target, "li") {
                    open(&option);
                }
            }
            _ => self.wait(),
        }
    }

    /// Asks once the text has not changed for a while.
    fn wait(self: &Rc<Self>) {
        let change = self.changes.get().wrapping_add(1);
        self.changes.set(change);
        self.is_dismissed.set(false);
        let search = Rc::clone(self);
        after(
            PAUSE,
            Box::new(move |_| {
                if search.changes.get() == change && !search.is_asking.replace(true) {
                    let search = Rc::clone(&search);
                    spawn(Box::pin(async move { search.ask().await }));
                }
            }),
        );
    }

    /// Asks the server, one question after the other, until the answer is to what the field has.
    async fn ask(&self) {
        loop {
            let change = self.changes.get();
            let found = found(&self.field).await;
            if self.changes.get() == change {
                self.is_asking.set(false);
                return self.show(found);
            }
        }
    }

    fn show(&self, found: Option<JsValue>) {
        self.close();
        let has_focus = get(&document(), "activeElement") == JsValue::from(&self.field);
        let Some(found) = found.filter(|_| has_focus && !self.is_dismissed.get()) else { return };
        let stories: Vec<JsValue> = items(&found);
        let mut count = 0;
        for story in stories.iter().take(MAX_SHOWN) {
            count += 1;
            append(&self.list, &option(story, count));
        }
        let said = match count {
            0 => "No stories found.".to_owned(),
            1 => "1 story found.".to_owned(),
            _ => [&count.to_string(), " stories found."].concat(),
        };
        set_text(&self.said, &said);
        self.set_open(count > 0);
    }

    fn key(self: &Rc<Self>, event: &JsValue) {
        let key = text_of(event, "key");
        if key == "Escape" {
            self.is_dismissed.set(true);
        }
        let options = self.options();
        if options.is_empty() {
            return;
        }
        let last = options.len() - 1;
        let chosen = self.chosen.get();
        match key.as_str() {
            "ArrowDown" => self.choose(chosen.filter(|at| *at < last).map_or(0, |at| at + 1)),
            "ArrowUp" => self.choose(chosen.and_then(|at| at.checked_sub(1)).unwrap_or(last)),
            "Escape" => self.close(),
            // Without a chosen story the form is sent.
            "Enter" => match chosen.and_then(|at| options.get(at)) {
                Some(option) => open(option),
                None => return,
            },
            _ => return,
        }
        prevent_default(event);
    }

    fn options(&self) -> Vec<Element> {
        items(&get(&self.list, "children"))
    }

    fn choose(&self, chosen: usize) {
        self.chosen.set(Some(chosen));
        for (at, option) in self.options().iter().enumerate() {
            set_attribute(option, "aria-selected", if at == chosen { "true" } else { "false" });
            if at == chosen {
                set_attribute(&self.field, "aria-activedescendant", &text_of(option, "id"));
                call(option, "scrollIntoView", &[false.into()]);
            }
        }
    }

    fn close(&self) {
        self.chosen.set(None);
        call(&self.field, "removeAttribute", &["aria-activedescendant".into()]);
        set_text(&self.list, "");
        set_text(&self.said, "");
        self.set_open(false);
    }

    fn set_open(&self, is_open: bool) {
        set(&self.list, "hidden", &(!is_open).into());
        set_attribute(&self.field, "aria-expanded", if is_open { "true" } else { "false" });
    }
}

fn option(story: &JsValue, number: usize) -> Element {
    let option = element("li", "", "");
    set_attribute(&option, "id", &["found-", &number.to_string()].concat());
    set_attribute(&option, "role", "option");
    set_attribute(&option, "aria-selected", "false");
    set_attribute(&option, "data-url", &text_of(story, "url"));
    for (class, field) in [("", "headline"), ("meta", "section")] {
        let part = element("span", class, &text_of(story, field));
        set_attribute(&part, "dir", "auto");
        if class.is_empty() {
            set_attribute(&part, "lang", &text_of(story, "language"));
        }
        append(&option, &part);
    }
    option
}

/// Opens the story of an option.
fn open(option: &Element) {
    let url = get(&get(option, "dataset"), "url");
    call(&window(), "open", &[url, "_self".into()]);
}

/// Asks for the stories that the form of a field describes; `None` if there is no answer.
async fn found(field: &Element) -> Option<JsValue> {
    if text_of(field, "value").len() < MIN_TEXT {
        return None;
    }
    let form = closest(field, "form")?;
    let query = new("URLSearchParams", &[new("FormData", &[form.clone().into()])]);
    let query = call(&query, "toString", &[]).as_string()?;
    let (headers, options) = (Object::new(), Object::new());
    set(&headers, "accept", &"application/json".into());
    set(&options, "headers", &headers);
    let url = [&text_of(&form, "action"), "?", &query].concat();
    let answer = done(try_call(&window(), "fetch", &[url.into(), options.into()])).await?;
    // An error has no items.
    let found = get(&done(try_call(&answer, "json", &[])).await?, "items");
    (!is_missing(&found)).then_some(found)
}
