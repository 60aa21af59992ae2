//! The masthead: the site's name, the account links and the section navigation.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use crate::components::{TextLanguage, sign_in_href};
use crate::frame::Frame;

/// Shows the masthead.
pub(super) fn masthead(frame: &Frame) -> impl IntoView + use<> {
    let current_path = frame.path.split('?').next().unwrap_or_default().to_owned();
    let sections = frame
        .sections
        .iter()
        .map(|section| (section.name.clone(), Endpoint::Section.path_with(&section.slug)));
    let lang = TextLanguage::interface(frame).lang;
    let current = move |href: &str| (href == current_path).then_some("page");
    let latest = Endpoint::ListNews.path();
    let latest_is_current = current(latest);
    let links = sections
        .map(|(name, href)| {
            let current = current(&href);
            view! { <li><a dir="auto" href=href aria-current=current>{name}</a></li> }
        })
        .collect_view();
    view! {
        <header class="masthead">
            <div class="wrap">
                <a class="brand" dir="auto" href=Endpoint::FrontPage.path()>{frame.site.title.clone()}</a>
                <ul class="account-links" lang=lang.clone()>{account_links(frame)}</ul>
                <nav class="nav" aria-label="Sections">
                    <ul>
                        <li><a href=latest lang=lang aria-current=latest_is_current>"Latest"</a></li>
                        {links}
                    </ul>
                </nav>
            </div>
        </header>
    }
}

fn account_links(frame: &Frame) -> impl IntoView + use<> {
    let search = || view! { <li><a href=Endpoint::Search.path()>"Search"</a></li> };
    match &frame.viewer {
        None => {
            let href = sign_in_href(&frame.path);
            view! { {search()} <li><a href=href rel="nofollow">"Sign in"</a></li> }.into_any()
        }
        Some(viewer) => {
            let desk = viewer
                .may_open_desk
                .then(|| view! { <li><a href=Endpoint::Desk.path()>"Newsroom"</a></li> });
            view! {
                {search()}
                {desk}
                <li><a href=Endpoint::ReadingList.path()>"Saved"</a></li>
                <li><a dir="auto" href=Endpoint::Account.path()>{viewer.username.clone()}</a></li>
            }
            .into_any()
        }
    }
}
