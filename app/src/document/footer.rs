//! The footer: sections, feeds, and pages about the site.

use gazette_domain::{Endpoint, FeedFormat};
use leptos::prelude::*;

use crate::components::{TextLanguage, section_links};
use crate::frame::{Frame, Theme};

/// Shows the footer.
pub(super) fn footer(frame: &Frame) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    view! {
        <footer class="site" lang=lang>
            <div class="wrap">
                <div class="columns">{sections(frame)} {follow()} {about(frame)}</div>
                {theme_choice(frame)}
                <p>
                    <span dir=dir>
                        "No tracking. We set a cookie only when you sign in or choose a theme."
                    </span>
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
                <li><a href=Endpoint::ApiDocs.path()>"API"</a></li>
            </ul>
        </nav>
    }
}

/// Shows the form that chooses the colors. It leads back to itself, so that the reader sees the
/// page change.
fn theme_choice(frame: &Frame) -> impl IntoView + use<> {
    let choice = |theme: Option<Theme>, label: &'static str| {
        let is_chosen = (frame.theme == theme).to_string();
        let value = theme.map_or("auto", Theme::as_str);
        view! {
            <button name="theme" value=value aria-pressed=is_chosen>
                {label}
            </button>
        }
    };
    view! {
        <form method="post" action=Endpoint::ChooseTheme.path() id="theme">
            <input type="hidden" name="return_to" value=frame.path.clone() />
            <fieldset class="theme">
                <legend>"Theme"</legend>
                {choice(None, "Automatic")}
                {choice(Some(Theme::Light), "Light")}
                {choice(Some(Theme::Dark), "Dark")}
            </fieldset>
        </form>
    }
}
