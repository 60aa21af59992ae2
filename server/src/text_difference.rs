//! Differences between two texts, word by word, within a limit of time.

use std::time::{Duration, Instant};

use gazette_app::pages::{Change, ChangeKind, FieldChanges};
use gazette_domain::{StoryForm, readable_value};
use similar::{ChangeTag, TextDiff};

/// Time after which the rest of a text is compared in larger pieces.
const MAX_TIME: Duration = Duration::from_millis(200);
/// Characters of unchanged text that are shown before and after a change.
const CONTEXT: usize = 240;

/// Differences of two forms.
pub(crate) struct Difference {
    /// Fields that differ.
    pub(crate) fields: Vec<FieldChanges>,
    /// The time was not enough to find all differences.
    pub(crate) is_rough: bool,
}

/// Compares two forms. Takes up to [`MAX_TIME`] and does not wait for anything.
pub(crate) fn difference(before: &StoryForm, after: &StoryForm) -> Difference {
    let deadline = Instant::now() + MAX_TIME;
    let values = before.values().into_iter().zip(after.values());
    let differing = StoryForm::FIELDS.into_iter().zip(values).filter(|(_, (one, two))| one != two);
    let fields = differing
        .map(|(field, (before, after))| FieldChanges {
            field,
            changes: changes(
                &readable_value(field, before),
                &readable_value(field, after),
                deadline,
            ),
        })
        .collect();
    Difference { fields, is_rough: Instant::now() >= deadline }
}

fn changes(before: &str, after: &str, deadline: Instant) -> Vec<Change> {
    let diff = TextDiff::configure().deadline(deadline).diff_words(before, after);
    let mut changes: Vec<Change> = Vec::new();
    for piece in diff.iter_all_changes() {
        let kind = match piece.tag() {
            ChangeTag::Equal => ChangeKind::Same,
            ChangeTag::Delete => ChangeKind::Removed,
            ChangeTag::Insert => ChangeKind::Added,
        };
        match changes.last_mut().filter(|last| last.kind == kind) {
            Some(last) => last.text.push_str(piece.value()),
            None => changes.push(Change { kind, text: piece.value().to_owned() }),
        }
    }
    let last = changes.len().saturating_sub(1);
    for (index, change) in changes.iter_mut().enumerate() {
        if change.kind == ChangeKind::Same {
            change.text = shortened(&change.text, index > 0, index < last);
        }
    }
    changes
}

/// Leaves out the middle of a long unchanged text, or its end that is beside no change.
fn shortened(text: &str, has_before: bool, has_after: bool) -> String {
    let count = text.chars().count();
    let head = if has_before { CONTEXT } else { 0 };
    let tail = if has_after { CONTEXT } else { 0 };
    if count <= head + tail + 1 {
        return text.to_owned();
    }
    let before: String = text.chars().take(head).collect();
    let after: String = text.chars().skip(count - tail).collect();
    match (has_before, has_after) {
        (true, true) => format!("{before} \u{2026}\n\n\u{2026} {after}"),
        (true, false) => format!("{before} \u{2026}"),
        (false, true) => format!("\u{2026} {after}"),
        (false, false) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(body: &str) -> StoryForm {
        StoryForm { body: body.to_owned(), ..StoryForm::default() }
    }

    #[test]
    fn words_that_differ_are_found() {
        let found = difference(&form("The old wall fell."), &form("The new wall fell."));
        let [body] = found.fields.as_slice() else { panic!("one field") };
        let kinds: Vec<_> =
            body.changes.iter().map(|change| (change.kind, change.text.as_str())).collect();
        assert_eq!(
            kinds,
            [
                (ChangeKind::Same, "The "),
                (ChangeKind::Removed, "old"),
                (ChangeKind::Added, "new"),
                (ChangeKind::Same, " wall fell."),
            ]
        );
        assert!(difference(&form("same"), &form("same")).fields.is_empty());
    }

    #[test]
    fn times_are_not_shown_as_forms_have_them() {
        let form = |at: &str| StoryForm { publish_at: at.to_owned(), ..StoryForm::default() };
        let found = difference(&form(""), &form("2026-11-26T16:23"));
        assert_eq!(found.fields[0].changes[0].text, "26 November 2026, 16:23");
    }

    #[test]
    fn unchanged_text_far_from_a_change_is_left_out() {
        let long = "word ".repeat(1_000);
        let found =
            difference(&form(&format!("{long}a {long}")), &form(&format!("{long}b {long}")));
        let shown: usize = found.fields[0].changes.iter().map(|change| change.text.len()).sum();
        assert!(shown < 4 * CONTEXT, "{shown}");
    }

    #[test]
    fn two_long_texts_without_a_common_word_take_bounded_time() {
        let words = |letter: char| {
            (0..40_000).fold(String::new(), |text, number| text + &format!("{letter}{number} "))
        };
        let (one, two) = (words('a'), words('b'));
        let started = Instant::now();
        assert_eq!(difference(&form(&one), &form(&two)).fields.len(), 1);
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }
}
