//! Links between the pages of a list.

use leptos::prelude::*;

use crate::components::language::TextLanguage;
use crate::components::links::with_query;
use crate::frame::Frame;

/// A link to another page of a list.
pub struct PageLink {
    /// Link text.
    pub label: &'static str,
    /// Link target.
    pub href: String,
}

/// Shows links to the older and the newest stories. Both keep the filters of the list.
pub fn pager(
    frame: &Frame,
    path: &str,
    filters: &[(&str, String)],
    next: Option<String>,
    first: bool,
) -> impl IntoView + use<> {
    let newest = (!first).then(|| PageLink { label: "Newest", href: with_query(path, filters) });
    let older = next.map(|cursor| {
        let mut parameters = filters.to_vec();
        parameters.push(("cursor", cursor));
        PageLink { label: "Older", href: with_query(path, &parameters) }
    });
    page_links(frame, newest, older)
}

/// Shows links to the first and the next page. Renders nothing when there are neither.
pub fn page_links(
    frame: &Frame,
    first: Option<PageLink>,
    next: Option<PageLink>,
) -> impl IntoView + use<> {
    let lang = TextLanguage::interface(frame).lang;
    let hidden = first.is_none() && next.is_none();
    let first = first.map(|PageLink { label, href }| {
        view! { <li><a class="btn quiet" href=href>{label}</a></li> }
    });
    let next = next.map(|PageLink { label, href }| {
        view! { <li><a class="btn" rel="next" href=href>{label}</a></li> }
    });
    (!hidden).then(
        || view! { <nav class="pager" lang=lang aria-label="Pages"><ul>{first}{next}</ul></nav> },
    )
}
