//! Saving in the background: the loop around [`Autosave`].

mod answer;
mod decide;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::wasm_bindgen::JsValue;

use super::autosave::{Answer, Autosave, SaveRequest, State};
use super::conflicts::Conflicts;
use super::fields::Fields;
use super::form::Form;
use super::local_copy::{Found, LocalCopy};
use super::notices::Notice;
use super::request::{Reply, SAVE_TIMEOUT, post, post_on_leaving};
use super::save_answer::read_answer;
use super::status;
use crate::islands::dom::{after, call, find, now, random_id, spawn, window};
use crate::islands::editor_form::{AUTOSAVE, CONFLICT_SELECTOR, KEY, SEQUENCE, TAB, VERSION};

/// Pause after which the copy in this browser is renewed while the server cannot be reached.
const COPY_PAUSE: f64 = 2_000.0;

/// Saves the form.
pub(super) struct Saver {
    form: Form,
    tab: String,
    machine: RefCell<Autosave>,
    /// Fields as the server last had them.
    saved: RefCell<Fields>,
    copy: LocalCopy,
    /// Copies of earlier pages that the form contains: removed with the next good save.
    restored: RefCell<Vec<String>>,
    conflicts: Conflicts,
    signed_out: RefCell<Option<Notice>>,
    /// Names the fields that others changed.
    merged: RefCell<Option<Notice>>,
    timer: RefCell<Option<JsValue>>,
    has_copy_timer: Cell<bool>,
    /// The page is out of sight, and may be gone before an answer comes.
    is_hidden: Cell<bool>,
    settled: RefCell<Option<Rc<dyn Fn()>>>,
    filled: RefCell<Option<Rc<dyn Fn()>>>,
}

impl Saver {
    /// Starts to save a form.
    pub(super) fn start(form: Form) -> Rc<Self> {
        let version = form.value(VERSION).parse().unwrap_or_default();
        // A new story with unsaved text is one that was deleted meanwhile: only a button makes a
        // new one of it.
        let is_waiting = find(form.element(), CONFLICT_SELECTOR).is_some()
            || (form.is_unsaved() && form.value(VERSION) == "0");
        let is_unsaved = form.is_unsaved() || form.is_changed();
        let known = if is_unsaved { Fields::default() } else { form.read() };
        let copy = LocalCopy::new(form.person(), form.path());
        let saver = Rc::new(Self {
            tab: random_id(),
            machine: RefCell::new(Autosave::new(version, is_waiting)),
            saved: RefCell::new(known),
            copy,
            restored: RefCell::default(),
            conflicts: Conflicts::default(),
            signed_out: RefCell::default(),
            merged: RefCell::default(),
            timer: RefCell::default(),
            has_copy_timer: Cell::default(),
            is_hidden: Cell::default(),
            settled: RefCell::default(),
            filled: RefCell::default(),
            form,
        });
        if is_unsaved {
            saver.typed();
        }
        saver
    }

    /// Calls a function whenever a save has ended.
    pub(super) fn on_settled(&self, settled: impl Fn() + 'static) {
        *self.settled.borrow_mut() = Some(Rc::new(settled));
    }

    /// Calls a function whenever an answer has changed the form.
    pub(super) fn on_filled(&self, filled: impl Fn() + 'static) {
        *self.filled.borrow_mut() = Some(Rc::new(filled));
    }

    /// Returns the form.
    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    /// Returns the state.
    pub(super) fn state(&self) -> State {
        self.machine.borrow().state().clone()
    }

    /// Returns the place of the copy in this browser.
    pub(super) fn copy(&self) -> &LocalCopy {
        &self.copy
    }

    /// The user typed. Called at each key, so it reads nothing.
    pub(super) fn typed(self: &Rc<Self>) {
        let is_first = self.machine.borrow().state() == &State::Clean;
        self.machine.borrow_mut().typed(now());
        if is_first {
            status::show_unsaved();
        }
        self.arm();
        let is_waiting =
            matches!(self.machine.borrow().state(), State::Failed { .. } | State::Conflict);
        if is_waiting && !self.has_copy_timer.replace(true) {
            let saver = Rc::clone(self);
            let keep = move |_| {
                saver.has_copy_timer.set(false);
                saver.keep_copy();
            };
            after(COPY_PAUSE, Box::new(keep));
        }
    }

    /// Saves now, if something is not saved.
    pub(super) fn hurry(self: &Rc<Self>) {
        self.machine.borrow_mut().hurry();
        if let Some(timer) = self.timer.take() {
            call(&window(), "clearTimeout", &[timer]);
        }
        self.tick();
    }

    /// Tries a failed save again: the network is back, or the user.
    pub(super) fn retry(self: &Rc<Self>) {
        if matches!(self.state(), State::Failed { retry_at: Some(_) }) {
            self.hurry();
        }
    }

    /// Puts a copy from this browser into the form.
    pub(super) fn restore(self: &Rc<Self>, copy: &Found) {
        self.fill(&copy.fields);
        // The new story that the copy is of may have been made when its page was left.
        if !copy.story_key.is_empty() {
            self.form.set(KEY, &copy.story_key);
        }
        self.restored.borrow_mut().push(copy.key.clone());
        self.machine.borrow_mut().resume(now());
        self.hurry();
    }

    /// Keeps what is not saved in this browser. Returns false when it is kept nowhere.
    pub(super) fn keep_copy(&self) -> bool {
        !self.machine.borrow().is_unsaved() || {
            let key = self.form.value(KEY);
            self.copy.store(&self.form.read(), &self.saved.borrow(), &key)
        }
    }

    /// Returns whether a field waits for a decision.
    pub(super) fn is_undecided(&self) -> bool {
        self.machine.borrow().undecided().next().is_some()
    }

    /// Returns whether the session has ended.
    pub(super) fn is_signed_out(&self) -> bool {
        self.signed_out.borrow().is_some()
    }

    /// Prepares the form for being sent by the browser itself.
    pub(super) fn prepare_form(&self) {
        let mut machine = self.machine.borrow_mut();
        // Without the name of the tab the server compares with the version before the conflict.
        let is_undecided = machine.undecided().next().is_some();
        self.form.set(TAB, if is_undecided { "" } else { &self.tab });
        self.form.set(VERSION, &machine.form_version().to_string());
        self.form.set(SEQUENCE, &machine.next_sequence().to_string());
        machine.submitted();
    }

    /// The page goes out of sight, or comes back.
    pub(super) fn hides(self: &Rc<Self>, is_hidden: bool) {
        self.is_hidden.set(is_hidden);
        self.keep_copy();
        self.hurry();
    }

    /// The page is left. The copy in this browser stays until a page has seen that it was saved.
    pub(super) fn leaves(self: &Rc<Self>) {
        let last = self.machine.borrow_mut().last_save(|| self.form.read());
        self.hides(true);
        let Some(request) = last else { return };
        let saver = Rc::clone(self);
        spawn(Box::pin(async move {
            let body = saver.form.parameters(AUTOSAVE, &saver.tab, &request);
            post_on_leaving(&saver.form.path(), &body, SAVE_TIMEOUT).await;
        }));
    }

    /// The page is shown again after it was left.
    pub(super) fn returned(self: &Rc<Self>) {
        self.is_hidden.set(false);
        self.machine.borrow_mut().returned();
        self.arm();
    }

    fn arm(self: &Rc<Self>) {
        if self.timer.borrow().is_some() {
            return;
        }
        let Some(at) = self.machine.borrow().wake_at() else { return };
        let saver = Rc::clone(self);
        let wake = move |_| {
            saver.timer.take();
            saver.tick();
        };
        *self.timer.borrow_mut() = Some(after(at - now(), Box::new(wake)));
    }

    fn tick(self: &Rc<Self>) {
        let request = self.machine.borrow_mut().begin(now(), || self.form.read());
        let Some(request) = request else { return self.arm() };
        status::show("Saving\u{2026}", false);
        let saver = Rc::clone(self);
        spawn(Box::pin(async move {
            let body = saver.form.parameters(AUTOSAVE, &saver.tab, &request);
            let path = saver.form.path();
            let reply = if saver.is_hidden.get() {
                post_on_leaving(&path, &body, SAVE_TIMEOUT).await
            } else {
                post(&path, &body, SAVE_TIMEOUT).await
            };
            saver.settle(&request, reply.as_ref());
        }));
    }

    fn settle(self: &Rc<Self>, request: &SaveRequest, reply: Option<&Reply>) {
        let json = &reply.map_or(JsValue::NULL, |reply| reply.json.clone());
        let answer = read_answer(request, reply, &self.saved.borrow());
        match answer {
            Ok(Answer::Saved { version, merged, is_new }) => {
                self.saved(request, version, merged, is_new, json);
            }
            Ok(conflict) => self.answer(request, conflict, json),
            Err((failure, message)) => self.fail(request, failure, &message),
        }
        if matches!(self.machine.borrow().state(), State::Dirty(_)) {
            status::show_unsaved();
        }
        self.arm();
        let settled = self.settled.borrow().clone();
        if let Some(settled) = settled {
            settled();
        }
    }

    /// The story exists now: the form and the page get its address.
    fn move_to(&self, path: &str) {
        if path.is_empty() {
            return;
        }
        self.form.move_to(path);
        self.copy.move_to(path);
    }
}
