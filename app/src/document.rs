//! The HTML document around every page: head, navigation, content and footer.

mod footer;
mod head;
mod masthead;
mod metadata;
mod rail;

use gazette_domain::Endpoint;
use leptos::prelude::*;

use crate::components::TextLanguage;
use crate::frame::{Frame, Theme};
use crate::markup::{IntoMarkup as _, Markup};
use crate::page::{Layout, Page};
use footer::footer;
use head::head;
pub(crate) use head::island_script;
pub(crate) use masthead::account_links;
use masthead::{SECTIONS, masthead};
pub(crate) use metadata::publisher;
use rail::rail;

/// Stands for the content of the page. Nothing else can be taken for it: texts have no `<`, and
/// values of attributes no quotes.
pub(crate) const CONTENT: &str = "<i id=\"content\"></i>";
/// Stands for the account links of the masthead, in the same way.
pub(crate) const ACCOUNT_LINKS: &str = "<i id=\"account-links\"></i>";

/// Writes the document around a page, with [`CONTENT`] in place of its content and [`ACCOUNT_LINKS`]
/// in place of the account links.
pub fn document(frame: &Frame, page: &Page) -> impl IntoView + use<> {
    let language = TextLanguage::of(&frame.site.language);
    let interface = TextLanguage::interface(frame);
    let head = head(frame, page);
    let to_sections = (page.layout == Layout::Site).then(|| {
        let href = format!("#{SECTIONS}");
        view! { <a class="skip" href=href lang=interface.lang.clone()>"Skip to navigation"</a> }
    });
    let body = match page.layout {
        Layout::Site => site(frame, page).into_markup(),
        Layout::Newsroom(current) => newsroom(frame, current).into_markup(),
        Layout::Editor => editor(frame).into_markup(),
    };
    let theme = frame.theme.map(Theme::as_str);
    view! {
        <html lang=language.lang dir=language.dir data-theme=theme>
            {head}
            <body>
                <a class="skip" href="#main" lang=interface.lang>"Skip to main content"</a>
                {to_sections}
                {body}
            </body>
        </html>
    }
}

fn site(frame: &Frame, page: &Page) -> impl IntoView + use<> {
    let language =
        if page.is_interface { TextLanguage::interface(frame) } else { TextLanguage::default() };
    view! {
        {masthead(frame)}
        <main id="main" tabindex="-1" lang=language.lang dir=language.dir>
            <div class="wrap">
                {frame.sign_in_unknown.then(|| sign_in_unknown_notice(frame))} {content()}
            </div>
        </main>
        {footer(frame)}
    }
}

fn newsroom(frame: &Frame, current: Endpoint) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    view! {
        <div class="newsroom" lang=lang dir=dir>
            {rail(frame, current)}
            <main id="main" class="work" tabindex="-1">
                {frame.sign_in_unknown.then(|| sign_in_unknown_notice(frame))} {content()}
            </main>
        </div>
    }
}

fn editor(frame: &Frame) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    view! { <div class="newsroom-editor" lang=lang dir=dir>{content()}</div> }
}

fn content() -> Markup {
    Markup::new(CONTENT)
}

fn sign_in_unknown_notice(frame: &Frame) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    view! {
        <p class="notice" role="status" lang=lang dir=dir>
            "We can't check your sign-in right now, so you're seeing the public page. You're still signed in."
        </p>
    }
}
