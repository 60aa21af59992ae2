//! Islands of a list of stories, with their markup: keys, local times and search as you type.

use leptos::prelude::*;

use crate::islands::{ListKeys, LocalTimes, SearchAsYouType};

/// Shows the button that explains the keys of lists, and starts the islands of a list.
///
/// The markup of the islands is here, so that the module of the browser needs no code that builds
/// it. It stays hidden without scripts.
pub fn list_tools() -> impl IntoView {
    view! {
        <div class="keys" lang="en" dir="ltr" hidden>
            <button class="link" type="button">"Keyboard shortcuts"</button>
            <dialog class="keys-help" aria-labelledby="keys-title">
                <h2 id="keys-title">"Keyboard shortcuts"</h2>
                <dl>
                    {key("/", "Search")} {key("j", "Next story")} {key("k", "Previous story")}
                    {key("?", "Show this help")}
                </dl>
                <label>
                    <input type="checkbox" />
                    " Use these keys"
                </label>
                <form method="dialog">
                    <button class="btn">"Close"</button>
                </form>
            </dialog>
        </div>
        <LocalTimes />
        <ListKeys />
        <SearchAsYouType />
    }
}

fn key(key: &'static str, act: &'static str) -> impl IntoView {
    view! {
        <div>
            <dt>
                <kbd>{key}</kbd>
            </dt>
            <dd>{act}</dd>
        </div>
    }
}
