//! "Select all" and a count of selected stories, for the check boxes of the newsroom.

use leptos::prelude::*;

/// Name of the check boxes that select stories.
pub const CHECKBOX_NAME: &str = "id";

/// Shows "Select all" and the count inside a form. Stays hidden without scripts.
#[island]
pub fn SelectionBar() -> impl IntoView {
    let (counts, set_counts) = signal((0_usize, 0_usize));
    Effect::new(move |_| {
        set_counts.set(count());
        let listener = window_event_listener(leptos::ev::change, move |_| set_counts.set(count()));
        on_cleanup(move || listener.remove());
    });
    let all = move || counts.get().0 > 0 && counts.get().0 == counts.get().1;
    view! {
        <div class="selection" hidden=move || counts.get().1 == 0>
            <label>
                <input
                    r#type="checkbox"
                    prop:checked=all
                    on:change=move |event| check_all(event_target_checked(&event))
                />
                "Select all"
            </label>
            <output aria-live="polite">{move || format!("{} selected", counts.get().0)}</output>
        </div>
    }
}

/// Returns the number of checked boxes and of all boxes.
fn count() -> (usize, usize) {
    let boxes = checkboxes();
    (boxes.iter().filter(|checkbox| checkbox.checked()).count(), boxes.len())
}

fn check_all(checked: bool) {
    for checkbox in checkboxes() {
        checkbox.set_checked(checked);
    }
}

fn checkboxes() -> Vec<web_sys::HtmlInputElement> {
    use leptos::wasm_bindgen::JsCast as _;
    let selector = format!("input[type=checkbox][name={CHECKBOX_NAME}]");
    let Ok(nodes) = document().query_selector_all(&selector) else { return Vec::new() };
    (0..nodes.length())
        .filter_map(|index| nodes.item(index))
        .filter_map(|node| node.dyn_into().ok())
        .collect()
}
