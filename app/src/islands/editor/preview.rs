//! The preview beside the text: asked for after a pause, one request in flight, the latest wins.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::Element;
use leptos::web_sys::js_sys::Array;

use super::autosave::{Millis, SaveRequest};
use super::form::Form;
use super::request::{SAVE_TIMEOUT, post};
use super::status;
use crate::islands::dom::{after, attribute, by_id, call, callback, element, find_all, focus, get};
use crate::islands::dom::{has, items, new, now, set, set_attribute, set_text, spawn, text_of};
use crate::islands::editor_form::{PREVIEW, PREVIEW_ID, PREVIEW_PANE_ID};

/// Pause in typing after which the preview is asked for.
const PAUSE: Millis = 500.0;
/// Shortest time between two previews.
const INTERVAL: Millis = 1_000.0;
/// Levels of elements in which single blocks are replaced.
const MAX_DEPTH: u32 = 4;

/// Keeps the preview up to date while it can be seen.
pub(super) struct Preview {
    form: Form,
    last: Cell<Millis>,
    asked: Cell<Millis>,
    is_stale: Cell<bool>,
    is_seen: Cell<bool>,
    is_armed: Cell<bool>,
    is_in_flight: Cell<bool>,
    warning: RefCell<Option<Element>>,
}

impl Preview {
    /// Starts to watch the pane.
    pub(super) fn start(form: Form) -> Rc<Self> {
        let preview = Rc::new(Self {
            form,
            last: Cell::default(),
            asked: Cell::default(),
            is_stale: Cell::default(),
            is_seen: Cell::default(),
            is_armed: Cell::default(),
            is_in_flight: Cell::default(),
            warning: RefCell::default(),
        });
        if let Some(story) = by_id(PREVIEW_ID) {
            calm_links(&story);
        }
        preview.watch();
        preview
    }

    /// The user typed. Called at each key, so it reads nothing.
    pub(super) fn typed(self: &Rc<Self>) {
        self.last.set(now());
        self.is_stale.set(true);
        self.arm();
    }

    /// Shows the pane with the present text.
    pub(super) fn open(self: &Rc<Self>) {
        if let Some(pane) = by_id(PREVIEW_PANE_ID) {
            call(&pane, "scrollIntoView", &[]);
            focus(&pane);
        }
        self.is_stale.set(true);
        self.ask();
    }

    fn watch(self: &Rc<Self>) {
        let Some(pane) = by_id(PREVIEW_PANE_ID) else { return };
        let preview = Rc::clone(self);
        let seen = move |entries: JsValue| {
            let last = Array::from(&entries).pop();
            preview.is_seen.set(has(&last, "isIntersecting"));
            preview.arm();
        };
        let observer = new("IntersectionObserver", &[callback(Box::new(seen))]);
        call(&observer, "observe", &[pane.into()]);
    }

    fn arm(self: &Rc<Self>) {
        if !self.is_stale.get() || !self.is_seen.get() || self.is_armed.replace(true) {
            return;
        }
        let preview = Rc::clone(self);
        let wake = move |_| {
            preview.is_armed.set(false);
            if now() < preview.due() {
                preview.arm();
            } else if preview.is_seen.get() {
                preview.ask();
            }
        };
        after(self.due() - now(), Box::new(wake));
    }

    fn due(&self) -> Millis {
        (self.last.get() + PAUSE).max(self.asked.get() + INTERVAL)
    }

    fn ask(self: &Rc<Self>) {
        if self.is_in_flight.replace(true) {
            return;
        }
        self.is_stale.set(false);
        self.asked.set(now());
        let preview = Rc::clone(self);
        spawn(Box::pin(async move {
            preview.load().await;
            preview.is_in_flight.set(false);
            preview.arm();
        }));
    }

    async fn load(&self) {
        let fields = self.form.read();
        let request = SaveRequest { version: 0, sequence: 0, fields };
        let body = self.form.parameters(PREVIEW, "", &request);
        let reply = post(&self.form.path(), &body, SAVE_TIMEOUT).await;
        match reply {
            Some(reply) if reply.status == 200 && reply.json.is_object() => {
                self.warn("");
                show(&text_of(&reply.json, "html"));
                status::show_length(&reply.json);
            }
            Some(reply) => self.warn(&["Preview not up to date: ", &reply.message()].concat()),
            None => self.warn("Preview not up to date: no connection."),
        }
    }

    fn warn(&self, text: &str) {
        let mut warning = self.warning.borrow_mut();
        if warning.is_none() && !text.is_empty() {
            let line = element("p", "meta", "");
            if let Some(story) = by_id(PREVIEW_ID) {
                call(&story, "before", &[line.clone().into()]);
            }
            *warning = Some(line);
        }
        if let Some(warning) = warning.as_ref() {
            set_text(warning, text);
        }
    }
}

/// Shows the HTML, which the server has cleaned. Blocks that are the same stay, so that scrolling
/// and pictures are left alone.
fn show(html: &str) {
    let Some(story) = by_id(PREVIEW_ID) else { return };
    let template = element("template", "", "");
    set(&template, "innerHTML", &html.into());
    let new = get(&template, "content");
    calm_links(&new);
    update(&story, &new, 0);
}

/// Keeps links of the preview from leading away from the editor, and out of the way of the keyboard.
fn calm_links(root: &JsValue) {
    for link in find_all(root, "a[href]") {
        set_attribute(&link, "tabindex", "-1");
        if !attribute(&link, "href").unwrap_or_default().starts_with('#') {
            set_attribute(&link, "target", "_blank");
        }
    }
}

/// Makes the children of `old` those of `new`.
fn update(old: &JsValue, new: &JsValue, depth: u32) {
    let (mut old_nodes, mut new_nodes) = (children(old), children(new));
    let is_same =
        |a: &JsValue, b: &JsValue| call(a, "isEqualNode", std::slice::from_ref(b)).is_truthy();
    let same = old_nodes.iter().zip(&new_nodes).take_while(|(a, b)| is_same(a, b)).count();
    old_nodes.drain(..same);
    new_nodes.drain(..same);
    let mut end = JsValue::NULL;
    while let (Some(a), Some(b)) = (old_nodes.last(), new_nodes.last()) {
        if !is_same(a, b) {
            break;
        }
        end = old_nodes.pop().unwrap_or(JsValue::NULL);
        new_nodes.pop();
    }
    if let ([a], [b]) = (old_nodes.as_slice(), new_nodes.as_slice()) {
        let shell = |node: &JsValue| call(node, "cloneNode", &[]);
        if depth < MAX_DEPTH && has(a, "firstChild") && is_same(&shell(a), &shell(b)) {
            return update(a, b, depth + 1);
        }
    }
    for node in old_nodes {
        call(old, "removeChild", &[node]);
    }
    for node in new_nodes {
        call(old, "insertBefore", &[node, end.clone()]);
    }
}

fn children(node: &JsValue) -> Vec<JsValue> {
    items(&get(node, "childNodes"))
}
