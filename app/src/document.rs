//! The HTML document around every page: head, masthead, content and footer.

mod head;
mod masthead;

use gazette_domain::Endpoint;
use leptos::prelude::*;

use crate::frame::Frame;
use crate::page::Page;
use head::head;
pub(crate) use head::island_script;
use masthead::masthead;

/// Wraps a page in a complete HTML document.
pub fn document(frame: &Frame, page: Page) -> impl IntoView + use<> {
    view! {
        <html lang="en">
            {head(frame, &page)}
            <body>
                <a class="skip" href="#main">"Skip to main content"</a>
                {masthead(frame)}
                <main id="main" tabindex="-1">
                    <div class="wrap">
                        {frame.sign_in_unknown.then(sign_in_unknown_notice)} {page.content}
                    </div>
                </main>
                {footer()}
            </body>
        </html>
    }
}

fn sign_in_unknown_notice() -> impl IntoView {
    view! {
        <p class="notice" role="status">
            "We can't check your sign-in right now, so you're seeing the public page. You're still signed in."
        </p>
    }
}

fn footer() -> impl IntoView {
    view! {
        <footer class="site">
            <div class="wrap">
                <nav aria-label="Footer">
                    <ul>
                        <li><a href=Endpoint::FrontPage.path()>"Front page"</a></li>
                        <li><a href=Endpoint::ListNews.path()>"Latest news"</a></li>
                    </ul>
                </nav>
                <p>"No tracking. We set a cookie only when you sign in."</p>
            </div>
        </footer>
    }
}
