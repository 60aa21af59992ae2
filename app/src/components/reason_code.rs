//! The code of a decision's reason.

use leptos::prelude::*;

/// Shows a code such as `allow.role.editor`, which may go on in a new line after each of its dots.
pub fn reason_code(code: &str) -> impl IntoView + use<> {
    let parts = code
        .split_inclusive('.')
        .map(|part| {
            let may_break = part.ends_with('.').then(|| view! { <wbr /> });
            view! { {part.to_owned()} {may_break} }
        })
        .collect_view();
    view! { <code>{parts}</code> }
}
