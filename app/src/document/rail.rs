//! The newsroom's navigation: beside its pages, and on small screens behind a button above them.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use crate::frame::{Frame, RailCounts, Viewer};

/// Id of the navigation, which the button of small screens opens.
const NAVIGATION: &str = "newsroom";

/// An entry of the navigation.
struct Entry {
    name: &'static str,
    endpoint: Endpoint,
    count: Option<usize>,
    is_shown: bool,
}

/// Shows the navigation. `current` is the entry of this page.
///
/// The popover needs no script; where a browser does not know it, the navigation is always open.
pub(super) fn rail(frame: &Frame, current: Endpoint) -> impl IntoView + use<> {
    let main = list(main_entries(frame), current, "rail-main");
    let more = list(more_entries(frame), current, "rail-more");
    let title = frame.site.title.clone();
    let navigation = view! {
        {main}
        {more}
        {account(frame)}
    };
    let navigation = leptos::html::nav()
        .id(NAVIGATION)
        .attr("popover", "auto")
        .attr("aria-label", "Newsroom")
        .child(navigation);
    view! {
        <header class="rail">
            <a class="brand" dir="auto" href=Endpoint::FrontPage.path()>{title}</a>
            <button class="btn quiet rail-menu" r#type="button" popovertarget=NAVIGATION>"Menu"</button>
            {navigation}
        </header>
    }
}

fn may(frame: &Frame, may: fn(&Viewer) -> bool) -> bool {
    frame.viewer.as_ref().is_some_and(may)
}

fn main_entries(frame: &Frame) -> Vec<Entry> {
    let count = |count: fn(&RailCounts) -> usize| frame.rail_counts.as_ref().map(count);
    let entry = |name, endpoint, count, is_shown| Entry { name, endpoint, count, is_shown };
    let may = |permission| may(frame, permission);
    vec![
        entry("Stories", Endpoint::Desk, count(|it| it.stories), true),
        entry("Media", Endpoint::Images, None, true),
        entry("Trash", Endpoint::Trash, count(|it| it.trash), may(|it| it.may_delete)),
        entry("People", Endpoint::People, None, may(|it| it.may_manage_people)),
        entry("Activity", Endpoint::Activity, None, may(|it| it.may_audit)),
    ]
}

fn more_entries(frame: &Frame) -> Vec<Entry> {
    let entry = |name, endpoint, is_shown| Entry { name, endpoint, count: None, is_shown };
    vec![
        entry("Labels", Endpoint::Labels, may(frame, |viewer| viewer.may_label)),
        entry("Redirects", Endpoint::Redirects, may(frame, |viewer| viewer.may_redirect)),
        entry("Imports", Endpoint::Imports, may(frame, |viewer| viewer.may_delete)),
        entry("Status", Endpoint::Status, may(frame, |viewer| viewer.may_read_status)),
    ]
}

fn list(entries: Vec<Entry>, current: Endpoint, class: &'static str) -> impl IntoView {
    let links: Vec<_> = entries
        .into_iter()
        .filter(|entry| entry.is_shown)
        .map(|Entry { name, endpoint, count, .. }| {
            let current = (endpoint == current).then_some("page");
            let count = count.map(|count| view! { " " <span>{count}</span> });
            view! { <li><a href=endpoint.path() aria-current=current>{name} {count}</a></li> }
        })
        .collect();
    (!links.is_empty()).then(|| view! { <ul class=class>{links}</ul> })
}

fn account(frame: &Frame) -> impl IntoView + use<> {
    let account = frame.viewer.as_ref().map(|viewer| {
        view! { <li><a dir="auto" href=Endpoint::Account.path()>{viewer.username.clone()}</a></li> }
    });
    view! {
        <ul class="rail-account">
            <li><a href=Endpoint::FrontPage.path()>"View site"</a></li>
            {account}
            <li>
                <form method="post" action=Endpoint::Logout.path()>
                    <button>"Sign out"</button>
                </form>
            </li>
        </ul>
    }
}
