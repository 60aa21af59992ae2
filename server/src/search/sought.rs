//! Words in their forms and phrases, as the index is searched for them.

/// A form in which a word is searched for, and its weight.
pub(super) type Form = (String, f32);

/// A word or a phrase of a query, as the index is asked for it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sought {
    /// A word in one of its forms; the first is the typed one.
    Word(Vec<Form>),
    /// Terms beside each other.
    Phrase(Vec<String>),
}

/// Returns the terms that are marked in a text.
pub(super) fn marked_terms(sought: &[Sought]) -> impl Iterator<Item = &str> {
    sought.iter().flat_map(|sought| match sought {
        Sought::Word(forms) => forms.iter().map(|(term, _)| term.as_str()).collect::<Vec<_>>(),
        Sought::Phrase(terms) => terms.iter().map(String::as_str).collect(),
    })
}
