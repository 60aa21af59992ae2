//! Buttons of the form: they wait until what was typed is saved, so that none is in conflict with
//! a save in flight.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{Element, Event, SubmitEvent};

use super::autosave::State;
use super::dom::{listen, text_of};
use super::saver::Saver;
use super::status;

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
    listen(saver.form().element(), "submit", move |event| submit.submitted(&event, &intercept));
}

impl Submit {
    fn submitted(&self, event: &Event, intercept: &Intercept) {
        let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
        let button: Option<Element> = button.map(Into::into);
        if self.passes.replace(false) {
            return self.saver.prepare_form();
        }
        if button.as_ref().is_some_and(|button| intercept(button)) {
            return event.prevent_default();
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
        event.prevent_default();
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
                let label = button.text_content().unwrap_or_default();
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

/// Returns the name of a button.
pub(super) fn name_of(button: &Element) -> String {
    text_of(button, "name")
}

/// Returns the value of a button.
pub(super) fn value_of(button: &Element) -> String {
    text_of(button, "value")
}
