//! The preview beside the text: asked for after a pause, one request in flight, the latest wins.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::wasm_bindgen::JsCast as _;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::js_sys::Array;
use leptos::web_sys::js_sys::futures::spawn_local;
use leptos::web_sys::{
    Element, HtmlTemplateElement, IntersectionObserver, IntersectionObserverEntry, Node,
};

use super::autosave::{Millis, SaveRequest};
use super::dom::{after, by_id, document, element, now, text_of};
use super::form::Form;
use super::request::{SAVE_TIMEOUT, post};
use super::status;
use crate::islands::editor_form::{PREVIEW, PREVIEW_ID, PREVIEW_PANE_ID};

/// Pause in typing after which the preview is asked for.
const PAUSE: Millis = 500.0;
/// Levels of elements in which single blocks are replaced.
const MAX_DEPTH: u32 = 4;

/// Keeps the preview up to date while it can be seen.
pub(super) struct Preview {
    form: Form,
    last: Cell<Millis>,
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
            last: Cell::new(0.0),
            is_stale: Cell::default(),
            is_seen: Cell::default(),
            is_armed: Cell::default(),
            is_in_flight: Cell::default(),
            warning: RefCell::default(),
        });
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
            pane.scroll_into_view();
            // Fails only without a window.
            let _ = pane.focus();
        }
        self.is_stale.set(true);
        self.ask();
    }

    fn watch(self: &Rc<Self>) -> Option<()> {
        let pane = by_id(PREVIEW_PANE_ID)?;
        let preview = Rc::clone(self);
        let seen = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            let entry = entries.pop().dyn_into::<IntersectionObserverEntry>();
            preview.is_seen.set(entry.is_ok_and(|entry| entry.is_intersecting()));
            preview.arm();
        });
        let observer = IntersectionObserver::new(seen.into_js_value().unchecked_ref()).ok()?;
        observer.observe(&pane);
        Some(())
    }

    fn arm(self: &Rc<Self>) {
        if !self.is_stale.get() || !self.is_seen.get() || self.is_armed.replace(true) {
            return;
        }
        let preview = Rc::clone(self);
        after(self.last.get() + PAUSE - now(), move || {
            preview.is_armed.set(false);
            if now() < preview.last.get() + PAUSE {
                preview.arm();
            } else if preview.is_seen.get() {
                preview.ask();
            }
        });
    }

    fn ask(self: &Rc<Self>) {
        if self.is_in_flight.replace(true) {
            return;
        }
        self.is_stale.set(false);
        let preview = Rc::clone(self);
        spawn_local(async move {
            preview.load().await;
            preview.is_in_flight.set(false);
            preview.arm();
        });
    }

    async fn load(&self) {
        let fields = self.form.read();
        let request = SaveRequest { version: 0, sequence: 0, fields };
        let Some(body) = self.form.parameters(PREVIEW, "", &request) else { return };
        let reply = post(&self.form.path(), &body, SAVE_TIMEOUT).await;
        match reply {
            Some(reply) if reply.status == 200 && reply.json.is_object() => {
                self.warn("");
                show(&text_of(&reply.json, "html"));
                status::show_length(&reply.json);
            }
            Some(reply) => self.warn(&["Preview not up to date. ", &reply.message()].concat()),
            None => self.warn("Preview not up to date: no connection."),
        }
    }

    fn warn(&self, text: &str) {
        let mut warning = self.warning.borrow_mut();
        if warning.is_none() && !text.is_empty() {
            *warning = element("p", "meta", "");
            if let Some((story, warning)) = by_id(PREVIEW_ID).zip(warning.as_ref()) {
                let _ = story.before_with_node_1(warning);
            }
        }
        if let Some(warning) = warning.as_ref() {
            warning.set_text_content(Some(text));
        }
    }
}

/// Shows the HTML, which the server has cleaned. Blocks that are the same stay, so that scrolling
/// and pictures are left alone.
fn show(html: &str) {
    let Some(story) = by_id(PREVIEW_ID) else { return };
    let template = document().and_then(|document| document.create_element("template").ok());
    let template = template.and_then(|template| template.dyn_into::<HtmlTemplateElement>().ok());
    if let Some(template) = template {
        template.set_inner_html(html);
        update(&story, &template.content(), 0);
    }
}

/// Makes the children of `old` those of `new`.
fn update(old: &Node, new: &Node, depth: u32) {
    let same = |a: Option<Node>, b: Option<Node>| match (a, b) {
        (Some(a), Some(b)) => a.is_equal_node(Some(&b)),
        _ => false,
    };
    let (mut first, mut other) = (old.first_child(), new.first_child());
    while same(first.clone(), other.clone()) {
        first = first.and_then(|node| node.next_sibling());
        other = other.and_then(|node| node.next_sibling());
    }
    let (mut last, mut other_last) = (old.last_child(), new.last_child());
    while first.is_some() && other.is_some() && same(last.clone(), other_last.clone()) {
        if last == first || other_last == other {
            break;
        }
        last = last.and_then(|node| node.previous_sibling());
        other_last = other_last.and_then(|node| node.previous_sibling());
    }
    if let (Some(a), Some(b)) = (&first, &other) {
        let is_one = first == last && other == other_last;
        if is_one && depth < MAX_DEPTH && is_same_element(a, b) {
            return update(a, b, depth + 1);
        }
    }
    replace(old, first, last, other, other_last);
}

/// Replaces the children from `first` to `last` by those from `other` to `other_last`.
fn replace(
    parent: &Node,
    first: Option<Node>,
    last: Option<Node>,
    mut other: Option<Node>,
    other_last: Option<Node>,
) {
    let end = if first.is_some() { last.and_then(|node| node.next_sibling()) } else { None };
    let mut old = first;
    while let Some(node) = old.filter(|node| Some(node) != end.as_ref()) {
        old = node.next_sibling();
        // Fails only for a node that is not a child.
        let _ = parent.remove_child(&node);
    }
    while let Some(node) = other {
        let is_last = Some(&node) == other_last.as_ref();
        other = if is_last { None } else { node.next_sibling() };
        let _ = parent.insert_before(&node, end.as_ref());
    }
}

/// Returns whether two elements have the same name and attributes.
fn is_same_element(a: &Node, b: &Node) -> bool {
    a.has_child_nodes()
        && b.has_child_nodes()
        && a.clone_node().is_ok_and(|a| b.clone_node().is_ok_and(|b| a.is_equal_node(Some(&b))))
}
