//! The footer: sections, feeds, and pages about the site.

use gazette_domain::{Endpoint, FeedFormat};
use leptos::prelude::*;

use crate::components::{TextLanguage, section_links};
use crate::frame::Frame;

/// Shows the footer.
pub(super) fn footer(frame: &Frame) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    view! {
        <footer class="site" lang=lang>
            <div class="wrap">
                <div class="columns">{sections(frame)} {follow()} {about(frame)}</div>
                <p>
                    <span dir=dir>"No tracking. We set a cookie only when you sign in."</span>
                </p>
            </div>
        </footer>
    }
}

fn sections(frame: &Frame) -> impl IntoView + use<> {
    let links = section_links(frame);
    // Names of sections are in the language of the site.
    let language = frame.site.language.to_string();
    (!frame.sections.is_empty()).then(|| {
        view! {
            <nav class="many" aria-labelledby="footer-sections">
                <h2 id="footer-sections">"All sections"</h2>
                <ul lang=language>{links}</ul>
            </nav>
        }
    })
}

fn follow() -> impl IntoView {
    let feeds = FeedFormat::ALL
        .map(|format| view! { <li><a href=format.path("")>{format.name()}</a></li> })
        .collect_view();
    view! {
        <nav aria-labelledby="footer-follow">
            <h2 id="footer-follow">"Follow"</h2>
            <ul>
                <li><a href=Endpoint::ListNews.path()>"Latest news"</a></li>
                {feeds}
                <li><a href=Endpoint::Archive.path()>"Archive"</a></li>
            </ul>
        </nav>
    }
}

fn about(frame: &Frame) -> impl IntoView + use<> {
    view! {
        <nav aria-labelledby="footer-about">
            <h2 id="footer-about" dir="auto">{frame.site.title.clone()}</h2>
            <ul>
                <li><a href=Endpoint::About.path()>"About us"</a></li>
                <li><a href=Endpoint::Corrections.path()>"Corrections"</a></li>
                <li><a href=Endpoint::Privacy.path()>"Privacy"</a></li>
                <li><a href=Endpoint::Accessibility.path()>"Accessibility"</a></li>
            </ul>
        </nav>
    }
}
