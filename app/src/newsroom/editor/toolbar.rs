//! The toolbar over the body. Its island makes the buttons work, and shows them then.

use leptos::prelude::*;

/// Label and drawn sign of each button, in the order of the island's commands. The signs are strokes in a box of 24 by 24.
const BUTTONS: [(&str, &str); 8] = [
    ("Bold (Ctrl+B)", "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z"),
    ("Italic (Ctrl+I)", "M10 5h8M6 19h8M14 5l-4 14"),
    ("Heading", "M6 5v14M18 5v14M6 12h12"),
    ("Quote", "M10 7H5v6h5zM10 13c0 3-2 4-4 5M19 7h-5v6h5zM19 13c0 3-2 4-4 5"),
    (
        "Link (Ctrl+K)",
        "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
    ),
    ("List", "M9 6h11M9 12h11M9 18h11M4 6h1M4 12h1M4 18h1"),
    ("Picture", "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h1"),
    ("Code", "M8 7l-5 5 5 5M16 7l5 5-5 5M14 5l-4 14"),
];

/// Shows the toolbar.
pub(super) fn toolbar() -> impl IntoView {
    let buttons = BUTTONS.into_iter().enumerate().map(button).collect_view();
    view! {
        <div
            id="toolbar"
            class="editor-tools"
            role="toolbar"
            aria-label="Formatting"
            aria-controls="body"
        >
            {buttons}
        </div>
    }
}

fn button((index, (title, sign)): (usize, (&'static str, &'static str))) -> impl IntoView {
    let label = title.split(' ').next().unwrap_or(title);
    view! {
        <button
            r#type="button"
            title=title
            aria-label=label
            tabindex=if index == 0 { "0" } else { "-1" }
        >
            <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
                <path d=sign></path>
            </svg>
        </button>
    }
}
