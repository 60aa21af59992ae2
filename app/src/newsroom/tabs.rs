//! The tabs of the newsroom.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use crate::frame::{Frame, Viewer};

/// Shows links to the newsroom pages that the viewer may open. `current` is this page.
pub(super) fn tabs(frame: &Frame, current: Endpoint) -> impl IntoView + use<> {
    let may = |may: fn(&Viewer) -> bool| frame.viewer.as_ref().is_some_and(may);
    let links: Vec<_> = [
        ("Stories", Endpoint::Desk, true),
        ("Labels", Endpoint::Labels, true),
        ("Redirects", Endpoint::Redirects, may(|viewer| viewer.may_redirect)),
        ("Pictures", Endpoint::Images, true),
        ("Trash", Endpoint::Trash, may(|viewer| viewer.may_delete)),
        ("Imports", Endpoint::Imports, may(|viewer| viewer.may_delete)),
        ("Activity", Endpoint::Activity, may(|viewer| viewer.may_audit)),
    ]
    .into_iter()
    .filter(|(_, _, shown)| *shown)
    .map(|(name, endpoint, _)| {
        let current = (endpoint == current).then_some("page");
        view! { <li><a href=endpoint.path() aria-current=current>{name}</a></li> }
    })
    .collect();
    // Hide the navigation when it has one entry.
    (links.len() > 1).then(|| {
        view! { <nav class="nav tabs" aria-label="Newsroom"><ul>{links}</ul></nav> }
    })
}
