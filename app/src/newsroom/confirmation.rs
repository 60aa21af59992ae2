//! The word that is typed before something that concerns every story.

use leptos::prelude::*;

/// Asks for the word.
pub(super) fn word_field(word: &'static str, is_wrong: bool) -> impl IntoView {
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
