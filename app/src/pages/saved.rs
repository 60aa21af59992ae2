//! A reader's own list.

use gazette_domain::Teaser;
use leptos::prelude::*;

use crate::components::{Prominence, teaser};
use crate::frame::Frame;
use crate::pages::Page;

/// Shows the saved stories; each story's page has the button that takes it off again.
pub fn saved(frame: &Frame, stories: &[Teaser]) -> Page {
    let teasers =
        stories.iter().map(|story| teaser(story, Prominence::Row, frame.now)).collect_view();
    let empty = stories.is_empty().then(|| {
        view! {
            <p class="empty">
                "Nothing is saved yet. Every story has a button for it at its end. "
                <a href="/news">"See the latest news"</a> "."
            </p>
        }
    });
    let content = view! {
        <div class="listing">
            <h1>"Saved stories"</h1>
            <ul class="grid rows">{teasers}</ul>
            {empty}
        </div>
    };
    Page::private("Saved stories", content.into_any())
}
