//! Notices of fields that someone else changed as well, with both texts and the ways out.

use std::cell::RefCell;
use std::rc::Rc;

use super::autosave::Held;
use super::form::Form;
use super::notices::Notice;
use crate::islands::dom::{button, call, document, find, get, text_of, window};

/// Decision of the user about a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Keep the text in the form.
    Mine,
    /// Put this text into the form.
    Theirs(String),
    /// Show both texts on a page.
    Compare,
}

/// Acts on a decision about a field.
pub(super) type Decide = Rc<dyn Fn(&'static str, Decision)>;

/// The notices that are shown, each with the conflict that it is about.
#[derive(Default)]
pub(super) struct Conflicts(RefCell<Vec<(Held, Notice)>>);

impl Conflicts {
    /// Shows a notice for each of these fields, and no others.
    pub(super) fn update(&self, form: &Form, held: Vec<Held>, by: &str, decide: &Decide) {
        let mut shown = self.0.borrow_mut();
        shown.retain(|(old, notice)| {
            let stays = notice.is_shown() && held.iter().any(|held| held.is_same(old));
            if !stays {
                notice.close();
            }
            stays
        });
        for held in held {
            if shown.iter().any(|(old, _)| held.is_same(old)) {
                continue;
            }
            let notice = show(form, &held, by, decide);
            shown.push((held, notice));
        }
    }
}

fn show(form: &Form, held: &Held, by: &str, decide: &Decide) -> Notice {
    let by = if by.is_empty() { "Someone else" } else { by };
    let label = label(held.name);
    let text = [
        by,
        " changed the same text while you were writing: ",
        &label,
        ". Theirs is saved, yours is still in the form. Theirs:",
    ];
    let notice = Notice::show(form, &text.concat());
    let is_time = held.name.ends_with("_at") || held.name.ends_with("_until");
    let shown = if is_time { held.theirs.replace('T', ", ") } else { held.theirs.clone() };
    notice.add_text(&shown);
    let act = |decision: Decision| {
        let (name, decide) = (held.name, decide.clone());
        Box::new(move || decide(name, decision.clone()))
    };
    let theirs = held.theirs.clone();
    let (name, mine) = (held.name, form.clone());
    let compare = act(Decision::Compare);
    notice.add_buttons(&[
        notice.closing_button("Keep mine", act(Decision::Mine)),
        notice.closing_button("Use theirs", act(Decision::Theirs(theirs.clone()))),
        button("Copy mine", Box::new(move |_| copy(&mine.value(name)))),
        button("Copy theirs", Box::new(move |_| copy(&theirs))),
        button("Compare side by side", Box::new(move |_| compare())),
    ]);
    notice
}

/// Returns the label of a field.
pub(super) fn label(name: &str) -> String {
    let label = find(&document(), &["label[for=", name, "]"].concat());
    label.map_or_else(|| name.to_owned(), |label| text_of(&label, "textContent"))
}

/// Copies a text, where the browser allows it.
fn copy(text: &str) {
    let clipboard = get(&get(&window(), "navigator"), "clipboard");
    call(&clipboard, "writeText", &[text.into()]);
}
