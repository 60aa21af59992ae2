//! Search and latest headlines for pages that do not exist.

use gazette_domain::{Endpoint, Teaser};
use leptos::prelude::*;

use crate::components::{Prominence, TextLanguage, teasers};
use crate::frame::Frame;

/// Shows a search field and the latest headlines.
pub(super) fn suggestions(frame: &Frame, latest: &[Teaser]) -> impl IntoView + use<> {
    let lines = teasers(frame, latest, Prominence::Latest(false), false);
    let language = TextLanguage::of(&frame.site.language);
    let headlines = (!lines.is_empty()).then(|| {
        view! {
            <section class="now" aria-labelledby="latest">
                <h2 id="latest">"Latest news"</h2>
                <ol lang=language.lang dir=language.dir>{lines}</ol>
            </section>
        }
    });
    view! {
        <div class="suggestions">
            <form class="find-here" role="search" aria-label="All stories" action=Endpoint::Search.path()>
                <label r#for="find-here">"Search all stories"</label>
                <div class="with-button">
                    <input id="find-here" name="q" r#type="search" maxlength="200" autocomplete="off" />
                    <button class="btn">"Search"</button>
                </div>
            </form>
            {headlines}
        </div>
    }
}
