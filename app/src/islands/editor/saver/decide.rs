//! Fields in conflict: what the user decides about them.

use std::rc::{Rc, Weak};

use super::Saver;
use crate::islands::dom::now;
use crate::islands::editor::autosave::Held;
use crate::islands::editor::conflicts::{Decide, Decision};
use crate::islands::editor::fields::Fields;
use crate::islands::editor::status;
use crate::islands::editor_form::SAVE;

impl Saver {
    /// Shows the fields that wait for a decision.
    pub(super) fn show_conflicts(self: &Rc<Self>, by: &str) {
        let held: Vec<Held> = self.machine.borrow().undecided().cloned().collect();
        if !held.is_empty() {
            self.keep_copy();
            status::show_undecided();
        }
        let saver = Rc::downgrade(self);
        let decide: Decide = Rc::new(move |name, decision| Self::decide(&saver, name, decision));
        self.conflicts.update(&self.form, held, by, &decide);
    }

    fn decide(saver: &Weak<Self>, name: &'static str, decision: Decision) {
        let Some(saver) = saver.upgrade() else { return };
        match decision {
            Decision::Mine => saver.machine.borrow_mut().keep_mine(now(), name),
            Decision::Theirs(theirs) => {
                let mut fields = Fields::default();
                fields.set(name, theirs);
                saver.fill(&fields);
                saver.machine.borrow_mut().resume(now());
            }
            Decision::Compare => {
                if let Some(button) = saver.form.button(SAVE) {
                    saver.form.press(&button);
                }
                return;
            }
        }
        saver.hurry();
    }
}
