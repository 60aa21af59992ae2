//! The masthead: the site's name, the account links and the section navigation.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use crate::components::sign_in_href;
use crate::frame::Frame;

/// Shows the masthead.
pub(super) fn masthead(frame: &Frame) -> impl IntoView + use<> {
    let current_path = frame.path.split('?').next().unwrap_or_default().to_owned();
    let sections = frame
        .sections
        .iter()
        .map(|section| (section.name.clone(), Endpoint::Section.path_with(&section.slug)));
    let links = std::iter::once(("Latest".to_owned(), Endpoint::ListNews.path().to_owned()))
        .chain(sections)
        .map(|(name, href)| {
            let current = (href == current_path).then_some("page");
            view! { <li><a href=href aria-current=current>{name}</a></li> }
        })
        .collect_view();
    view! {
        <header class="masthead">
            <div class="wrap">
                <a class="brand" href=Endpoint::FrontPage.path()>{frame.site.title.clone()}</a>
                <ul class="account-links">{account_links(frame)}</ul>
                <nav class="nav" aria-label="Sections"><ul>{links}</ul></nav>
            </div>
        </header>
    }
}

fn account_links(frame: &Frame) -> impl IntoView + use<> {
    match &frame.viewer {
        None => {
            let href = sign_in_href(&frame.path);
            view! { <li><a href=href rel="nofollow">"Sign in"</a></li> }.into_any()
        }
        Some(viewer) => {
            let desk = viewer
                .may_open_desk
                .then(|| view! { <li><a href=Endpoint::Desk.path()>"Newsroom"</a></li> });
            view! {
                {desk}
                <li><a href=Endpoint::ReadingList.path()>"Saved"</a></li>
                <li><a href=Endpoint::Account.path()>{viewer.username.clone()}</a></li>
            }
            .into_any()
        }
    }
}
