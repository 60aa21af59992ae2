//! The word that is typed before something that concerns every story.

use leptos::prelude::*;

/// Longest wrong word that is shown again, in bytes.
const MAX_TYPED_BYTES: usize = 100;

/// Asks for the word. `wrong` is another one that was typed before.
pub(super) fn word_field(word: &'static str, wrong: Option<String>) -> impl IntoView {
    let is_wrong = wrong.is_some();
    let error = is_wrong.then(|| {
        view! {
            <p class="field-error" id="word-error" role="alert">
                {format!("That doesn't match. Type \u{201c}{word}\u{201d} to confirm.")}
            </p>
        }
    });
    view! {
        <label class="field">
            <span>"Type " <strong>{word}</strong> " to confirm"</span>
            <input
                name="word"
                value=wrong.filter(|typed| typed.len() <= MAX_TYPED_BYTES)
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                required=true
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=is_wrong.then_some("word-error")
            />
        </label>
        {error}
    }
}
