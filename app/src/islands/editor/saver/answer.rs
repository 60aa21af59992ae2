//! Changes of the page after the response to a save.

use std::rc::Rc;

use leptos::wasm_bindgen::JsValue;

use super::Saver;
use crate::islands::dom::{call, find, now, text_of};
use crate::islands::editor::autosave::{Answer, Failure, SaveRequest, State};
use crate::islands::editor::conflicts::label;
use crate::islands::editor::fields::Fields;
use crate::islands::editor::local_copy;
use crate::islands::editor::notices::Notice;
use crate::islands::editor::status;
use crate::islands::editor_form::{FAILURE_SELECTOR, VERSION};

impl Saver {
    pub(super) fn saved(
        self: &Rc<Self>,
        request: &SaveRequest,
        version: u64,
        merged: Fields,
        is_new: bool,
        json: &JsValue,
    ) {
        if is_new {
            self.move_to(&text_of(json, "path"));
        }
        let mut saved = request.fields.clone();
        for (name, value) in merged.iter() {
            saved.set(name, value.to_owned());
        }
        *self.saved.borrow_mut() = saved;
        self.answer(request, Answer::Saved { version, merged, is_new }, json);
        if let Some(notice) = self.signed_out.take() {
            notice.close();
        }
        if let Some(failure) = find(self.form.element(), FAILURE_SELECTOR) {
            call(&failure, "remove", &[]);
        }
        if self.machine.borrow().state() == &State::Clean {
            self.copy.remove();
            self.restored.take().iter().for_each(|key| local_copy::remove(key));
        }
        if !self.is_undecided() {
            status::show_saved(&self.form.zone(), json);
        }
        status::show_length(json);
        status::show_others(json);
    }

    pub(super) fn answer(self: &Rc<Self>, request: &SaveRequest, answer: Answer, json: &JsValue) {
        let form = self.form.read();
        let is_new = matches!(answer, Answer::Saved { is_new: true, .. });
        let filled = self.machine.borrow_mut().answered(now(), request.sequence, answer, &form);
        if let Some(fields) = filled.filter(|fields| !fields.is_empty()) {
            self.fill(&fields);
            // A new story gets its section from the server.
            if !is_new {
                self.show_merged(&fields, &text_of(json, "by"));
            }
        }
        let version = self.machine.borrow().form_version().to_string();
        self.form.set(VERSION, &version);
        self.show_conflicts(&text_of(json, "by"));
    }

    /// Says which fields now have the text of another person.
    fn show_merged(&self, fields: &Fields, by: &str) {
        let labels: Vec<String> = fields.iter().map(|(name, _)| label(name)).collect();
        let by = if by.is_empty() { "Someone else" } else { by };
        let text = [by, " changed ", &labels.join(", "), ". It is in the form now."].concat();
        if let Some(old) = self.merged.take() {
            old.close();
        }
        let notice = Notice::show(&self.form, &text);
        notice.add_link("See what changed", &[&self.form.path(), "/history"].concat());
        *self.merged.borrow_mut() = Some(notice);
    }

    pub(super) fn fail(self: &Rc<Self>, request: &SaveRequest, failure: Failure, message: &str) {
        if !self.machine.borrow_mut().failed(now(), request.sequence, failure) {
            return;
        }
        let kept = if self.keep_copy() {
            " Your text is kept in this browser."
        } else {
            " Keep this page open: your text is only here."
        };
        status::show(&["Not saved \u{2013} ", message, kept].concat(), true);
        if failure == Failure::SignedOut && self.signed_out.borrow().is_none() {
            let notice = Notice::show_sign_in(&self.form);
            *self.signed_out.borrow_mut() = Some(notice);
        }
    }

    pub(super) fn fill(&self, fields: &Fields) {
        for (name, value) in fields.iter() {
            self.form.set(name, value);
        }
        let filled = self.filled.borrow().clone();
        if let Some(filled) = filled {
            filled();
        }
    }
}
