//! The reader's list of saved stories.

use gazette_domain::{Endpoint, Teaser};
use leptos::prelude::*;

use crate::components::{Prominence, teaser};
use crate::frame::Frame;
use crate::page::Page;

/// Shows the saved stories. The button to remove a story is on the story's own page.
pub fn saved(frame: &Frame, stories: &[Teaser]) -> Page {
    let teasers =
        stories.iter().map(|story| teaser(story, Prominence::Row, frame.now)).collect_view();
    let empty = stories.is_empty().then(|| {
        view! {
            <p class="empty">
                "No saved stories yet. Use \u{201c}Save for later\u{201d} under any story. "
                <a href=Endpoint::ListNews.path()>"See the latest news"</a> "."
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
