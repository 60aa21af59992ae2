//! The tabs of the newsroom.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use crate::frame::{Frame, Viewer};

/// Shows links to the newsroom pages that the viewer may open. `current` is the path of this page.
pub(super) fn tabs(frame: &Frame, current: &str) -> impl IntoView + use<> {
    let may = |may: fn(&Viewer) -> bool| frame.viewer.as_ref().is_some_and(may);
    let links: Vec<_> = [
        ("Stories", Endpoint::Desk.path(), true),
        ("Trash", Endpoint::Trash.path(), may(|viewer| viewer.may_delete)),
        ("Activity", Endpoint::Activity.path(), may(|viewer| viewer.may_audit)),
    ]
    .into_iter()
    .filter(|(_, _, shown)| *shown)
    .map(|(name, href, _)| {
        let current = (href == current).then_some("page");
        view! { <li><a href=href aria-current=current>{name}</a></li> }
    })
    .collect();
    // Hide the navigation when it has one entry.
    (links.len() > 1).then(|| {
        view! { <nav class="nav tabs" aria-label="Newsroom"><ul>{links}</ul></nav> }
    })
}
