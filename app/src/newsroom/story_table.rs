//! Parts of the tables that list stories in the newsroom.

use gazette_domain::Teaser;
use leptos::prelude::*;

use crate::islands::CHECKBOX_NAME;

/// Shows the head of a table of stories.
///
/// With `selectable`, the first column is for the check boxes of [`select_cell`].
pub(super) fn table_head(selectable: bool, columns: [&'static str; 4]) -> impl IntoView {
    let select = selectable.then(|| {
        view! { <th scope="col" class="select"><span class="visually-hidden">"Select"</span></th> }
    });
    let columns = columns.map(|name| view! { <th scope="col">{name}</th> }).to_vec();
    view! { <thead><tr>{select} {columns}</tr></thead> }
}

/// Shows the cell with the check box that selects a story.
pub(super) fn select_cell(story: &Teaser) -> impl IntoView + use<> {
    let label = format!("Select \u{201c}{}\u{201d}", story.headline);
    view! {
        <td class="select">
            <input
                r#type="checkbox"
                name=CHECKBOX_NAME
                value=story.id.to_string()
                aria-label=label
            />
        </td>
    }
}
