//! Merging what was typed with what others saved meanwhile, field by field.

use crate::editing::field_change::FieldChange;
use crate::editing::form_hashes::{FormHashes, hash};
use crate::editing::story_form::StoryForm;

/// Known facts of the version that the author started from.
pub(crate) struct Base<'a> {
    /// Its fields; `None` if they are no longer known.
    pub(crate) hashes: Option<&'a FormHashes>,
    /// The last change of a field since the working copy exists; `None` if there was none.
    pub(crate) last_change: &'a (dyn Fn(&str) -> Option<&'a FieldChange> + Sync),
    /// The version.
    pub(crate) version: u64,
    /// `true` if every change since the version is known.
    pub(crate) is_covered: bool,
    /// The tab that saves.
    pub(crate) tab: Option<&'a str>,
}

/// A merged form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Merged {
    /// The form as typed, with the changes of others to other fields.
    pub(crate) form: StoryForm,
    /// Fields that get what was typed.
    pub(crate) taken: Vec<&'static str>,
    /// Fields that were changed both here and elsewhere; the form has what is stored.
    pub(crate) conflicts: Vec<&'static str>,
}

enum Choice {
    Keep,
    Take,
    Conflict,
}

/// Merges `typed` into `current`.
pub(crate) fn merge(typed: &StoryForm, current: &StoryForm, base: &Base<'_>) -> Merged {
    let mut merged = Merged { form: current.clone(), ..Merged::default() };
    let mut hashes = base.hashes.map(FormHashes::fields);
    let values = typed.values().into_iter().zip(merged.form.values_mut());
    for (field, (typed, current)) in StoryForm::FIELDS.into_iter().zip(values) {
        let before = hashes.as_mut().and_then(Iterator::next);
        match choose(field, typed, current, before, base) {
            Choice::Keep => {}
            Choice::Take => {
                typed.clone_into(current);
                merged.taken.push(field);
            }
            Choice::Conflict => merged.conflicts.push(field),
        }
    }
    merged
}

fn choose(
    field: &str,
    typed: &str,
    current: &str,
    before: Option<&str>,
    base: &Base<'_>,
) -> Choice {
    if typed == current {
        return Choice::Keep;
    }
    let last = (base.last_change)(field);
    let is_own = last.is_some_and(|last| base.tab.is_some() && last.tab.as_deref() == base.tab);
    let is_newer = last.is_some_and(|last| last.version > base.version);
    // The answer to the tab's last save was lost, or is still on its way.
    if is_own && is_newer {
        return Choice::Take;
    }
    if base.is_covered && !is_newer {
        return Choice::Take;
    }
    match before {
        Some(before) if before == hash(typed) => Choice::Keep,
        Some(before) if before == hash(current) => Choice::Take,
        _ if is_own => Choice::Take,
        _ => Choice::Conflict,
    }
}
