//! "Select all" and a count of selected stories, for the check boxes of the newsroom.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::web_sys::Element;

use super::dom::{document, find, find_all, has, listen, set, set_text, when_hydrated};

/// Name of the check boxes that select stories.
pub const CHECKBOX_NAME: &str = "id";

/// Shows "Select all" and the count inside a form. Stays hidden without scripts.
#[island]
pub fn SelectionBar() -> impl IntoView {
    when_hydrated(|| {
        // Those that run already stay as they are.
        for bar in find_all(&document(), ".selection[hidden]") {
            start(&bar);
        }
    });
    view! {
        <div class="selection" hidden>
            <label>
                <input r#type="checkbox" />
                "Select all"
            </label>
            <output aria-live="polite">"0 selected"</output>
        </div>
    }
}

fn start(bar: &Element) -> Option<()> {
    let (all, output) = (find(bar, "input")?, find(bar, "output")?);
    let bar = bar.clone();
    let update = Rc::new(move || {
        let boxes = checkboxes();
        let checked = boxes.iter().filter(|checkbox| has(checkbox, "checked")).count();
        set(&bar, "hidden", &boxes.is_empty().into());
        set(&all, "checked", &(checked > 0 && checked == boxes.len()).into());
        set_text(&output, &[&checked.to_string(), " selected"].concat());
        all.clone()
    });
    let all = update();
    let changed = all.clone();
    listen(
        &all,
        "change",
        Box::new(move |_| {
            for checkbox in checkboxes() {
                set(&checkbox, "checked", &has(&changed, "checked").into());
            }
        }),
    );
    listen(&document(), "change", Box::new(move |_| drop(update())));
    Some(())
}

fn checkboxes() -> Vec<Element> {
    let selector = ["input[type=checkbox][name=", CHECKBOX_NAME, "]"].concat();
    find_all(&document(), &selector)
}
