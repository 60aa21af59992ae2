//! Buttons of the form: they wait until what was typed is saved, so that none is in conflict with
//! a save in flight.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::Element;

use super::autosave::State;
use super::saver::Saver;
use super::status;
use crate::islands::dom::{get, is_missing, listen, prevent_default, text_of};

/// Looks at a pressed button first. Returns true when nothing is to be sent.
pub(super) type Intercept = Rc<dyn Fn(&Element) -> bool>;

struct Submit {
    saver: Rc<Saver>,
    /// Button that waits for a save.
    waiting: RefCell<Option<Element>>,
    /// The next submission goes through.
    passes: Cell<bool>,
    /// A save failed after a button was pressed: the next press goes through.
    has_failed: Cell<bool>,
}

/// Starts to watch the buttons.
pub(super) fn start(saver: &Rc<Saver>, intercept: Intercept) {
    let submit = Rc::new(Submit {
        saver: Rc::clone(saver),
        waiting: RefCell::default(),
        passes: Cell::default(),
        has_failed: Cell::default(),
    });
    let settled = Rc::clone(&submit);
    saver.on_settled(move || settled.settled());
    let submitted = move |event| submit.submitted(&event, &intercept);
    listen(saver.form().element(), "submit", Box::new(submitted));
}

impl Submit {
    fn submitted(&self, event: &JsValue, intercept: &Intercept) {
        let button = Some(get(event, "submitter")).filter(|button| !is_missing(button));
        let button: Option<Element> = button.map(JsCast::unchecked_into);
        if self.passes.replace(false) {
            return self.saver.prepare_form();
        }
        if button.as_ref().is_some_and(|button| intercept(button)) {
            return prevent_default(event);
        }
        let may_go = match self.saver.state() {
            State::Clean | State::Conflict => true,
            State::Failed { .. } => self.has_failed.get(),
            State::Dirty(_) | State::Saving { .. } => false,
        };
        let Some(button) = button.filter(|_| !may_go) else {
            self.saver.keep_copy();
            return self.saver.prepare_form();
        };
        prevent_default(event);
        *self.waiting.borrow_mut() = Some(button);
        self.saver.hurry();
    }

    /// Goes on with the button that was pressed, once everything is saved.
    fn settled(&self) {
        let state = self.saver.state();
        if state == State::Clean {
            self.has_failed.set(false);
        }
        let Some(button) = self.waiting.borrow_mut().take() else { return };
        match state {
            State::Dirty(_) | State::Saving { .. } if !self.saver.is_undecided() => {
                *self.waiting.borrow_mut() = Some(button);
                self.saver.hurry();
            }
            State::Failed { retry_at: Some(_) } if !self.saver.is_signed_out() => {
                self.has_failed.set(true);
                let label = text_of(&button, "textContent");
                let text = [
                    "Not saved, so nothing was sent. Your text is kept here. Try \u{201c}",
                    label.trim(),
                    "\u{201d} again.",
                ];
                status::show(&text.concat(), true);
            }
            State::Failed { .. }
            | State::Clean
            | State::Conflict
            | State::Dirty(_)
            | State::Saving { .. } => {
                self.passes.set(true);
                self.saver.form().press(&button);
            }
        }
    }
}
