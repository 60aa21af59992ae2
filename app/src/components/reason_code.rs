//! Reason codes of the access policy.

use leptos::prelude::*;

/// Shows a code such as `allow.role.editor`. The line may break after each dot.
pub fn reason_code(code: &str) -> impl IntoView + use<> {
    let parts = code
        .split_inclusive('.')
        .map(|part| {
            let line_break = part.ends_with('.').then(|| view! { <wbr /> });
            view! { {part.to_owned()} {line_break} }
        })
        .collect_view();
    view! { <code>{parts}</code> }
}
