//! The HTML document around every page: head, masthead, content and footer.

mod head;
mod masthead;

use gazette_domain::Endpoint;
use leptos::prelude::*;

use crate::components::TextLanguage;
use crate::frame::Frame;
use crate::page::Page;
use head::head;
pub(crate) use head::island_script;
use masthead::masthead;

/// Wraps a page in a complete HTML document.
pub fn document(frame: &Frame, page: Page) -> impl IntoView + use<> {
    let language = TextLanguage::of(&frame.site.language);
    let interface = TextLanguage::interface(frame);
    let main = if page.is_interface { interface.clone() } else { TextLanguage::default() };
    view! {
        <html lang=language.lang dir=language.dir>
            {head(frame, &page)}
            <body>
                <a class="skip" href="#main" lang=interface.lang>"Skip to main content"</a>
                {masthead(frame)}
                <main id="main" tabindex="-1" lang=main.lang dir=main.dir>
                    <div class="wrap">
                        {frame.sign_in_unknown.then(|| sign_in_unknown_notice(frame))} {page.content}
                    </div>
                </main>
                {footer(frame)}
            </body>
        </html>
    }
}

fn sign_in_unknown_notice(frame: &Frame) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    view! {
        <p class="notice" role="status" lang=lang dir=dir>
            "We can't check your sign-in right now, so you're seeing the public page. You're still signed in."
        </p>
    }
}

fn footer(frame: &Frame) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    view! {
        <footer class="site" lang=lang>
            <div class="wrap">
                <nav aria-label="Footer">
                    <ul>
                        <li><a href=Endpoint::FrontPage.path()>"Front page"</a></li>
                        <li><a href=Endpoint::ListNews.path()>"Latest news"</a></li>
                        <li><a href=Endpoint::Corrections.path()>"Corrections"</a></li>
                    </ul>
                </nav>
                <p>
                    <span dir=dir>"No tracking. We set a cookie only when you sign in."</span>
                </p>
            </div>
        </footer>
    }
}
