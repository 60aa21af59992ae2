//! Differences between two texts.

use leptos::prelude::*;

use crate::markup::{IntoMarkup as _, Markup};

use super::messages::field_label;

/// Kind of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// In both texts.
    Same,
    /// Only in the earlier one.
    Removed,
    /// Only in the later one.
    Added,
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Kind.
    pub kind: ChangeKind,
    /// Text.
    pub text: String,
}

/// Differences of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChanges {
    /// Name of the field.
    pub field: &'static str,
    /// Pieces in the order of the text.
    pub changes: Vec<Change>,
}

/// Shows the differences of a field. The first version has none, only text.
pub(super) fn field_changes(field: &FieldChanges, is_first: bool) -> impl IntoView + use<> {
    let pieces = field.changes.iter().map(|change| piece(change, is_first)).collect_view();
    view! {
        <h3>{field_label(field.field)}</h3>
        <p class="difference" dir="auto">{pieces}</p>
    }
}

fn piece(change: &Change, is_first: bool) -> Markup {
    let text = change.text.clone();
    match change.kind {
        _ if is_first => view! { <span>{text}</span> }.into_markup(),
        ChangeKind::Same => view! { <span>{text}</span> }.into_markup(),
        ChangeKind::Removed => view! { <del>{text}</del> }.into_markup(),
        ChangeKind::Added => view! { <ins>{text}</ins> }.into_markup(),
    }
}
