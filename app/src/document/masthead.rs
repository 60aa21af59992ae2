//! The masthead: the site's name, the date, the search, the account links and the sections.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use crate::components::{TextLanguage, day_of, sign_in_href};
use crate::document::ACCOUNT_LINKS;
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};

/// Id of the section navigation, for the skip link.
pub(super) const SECTIONS: &str = "sections";

/// Shows the masthead, with [`ACCOUNT_LINKS`] in place of the account links.
pub(super) fn masthead(frame: &Frame) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    view! {
        <header class="masthead">
            <div class="wrap top">
                <a class="brand" dir="auto" href=Endpoint::FrontPage.path()>{frame.site.title.clone()}</a>
                <span class="today" lang=lang.clone() dir=dir>{day_of(frame, frame.now)}</span>
                {search(frame)}
                <ul class="account-links" lang=lang>{Markup::new(ACCOUNT_LINKS)}</ul>
            </div>
            {sections(frame)}
        </header>
    }
}

/// Shows the search field. Phones show a link to the page of the search instead.
fn search(frame: &Frame) -> impl IntoView + use<> {
    let lang = TextLanguage::interface(frame).lang;
    view! {
        <form class="find" role="search" action=Endpoint::Search.path() lang=lang>
            <label class="visually-hidden" r#for="find">"Search stories"</label>
            <input id="find" name="q" r#type="search" placeholder="Search" maxlength="200" autocomplete="off" />
            <button class="visually-hidden">"Search"</button>
        </form>
    }
}

fn sections(frame: &Frame) -> impl IntoView + use<> {
    let current_path = frame.path.split('?').next().unwrap_or_default().to_owned();
    let current = move |href: &str| (href == current_path).then_some("page");
    let lang = TextLanguage::interface(frame).lang;
    let latest = Endpoint::ListNews.path();
    let latest_is_current = current(latest);
    let links = frame
        .sections
        .iter()
        .map(|section| {
            let href = Endpoint::Section.path_with(&section.slug);
            let current = current(&href);
            view! { <li><a dir="auto" href=href aria-current=current>{section.name.clone()}</a></li> }
        })
        .collect_view();
    view! {
        <nav class="nav" id=SECTIONS tabindex="-1" aria-label="Sections">
            <ul class="wrap">
                <li><a href=latest lang=lang aria-current=latest_is_current>"Latest"</a></li>
                {links}
            </ul>
        </nav>
    }
}

/// Shows the items of the account links.
pub(crate) fn account_links(frame: &Frame) -> impl IntoView + use<> {
    let search = view! { <li class="phone-only"><a href=Endpoint::Search.path()>"Search"</a></li> };
    let own = match &frame.viewer {
        None => {
            let href = sign_in_href(&frame.path);
            view! { <li><a href=href rel="nofollow">"Sign in"</a></li> }.into_markup()
        }
        Some(viewer) => {
            let desk = viewer
                .may_open_desk
                .then(|| view! { <li><a href=Endpoint::Desk.path()>"Newsroom"</a></li> });
            view! {
                {desk}
                <li><a href=Endpoint::ReadingList.path()>"Saved"</a></li>
                <li><a dir="auto" href=Endpoint::Account.path()>{viewer.username.clone()}</a></li>
            }
            .into_markup()
        }
    };
    view! { {search} {own} }
}
