//! The reader's list of saved stories.

use gazette_domain::{Endpoint, Teaser};
use leptos::prelude::*;

use crate::components::{Prominence, TextLanguage, teaser};
use crate::frame::Frame;
use crate::member::notice::{ReadingListNotice, reading_list_notice};
use crate::page::Page;

/// Shows the saved stories. The button to remove a story is on the story's own page.
pub fn saved(frame: &Frame, stories: &[Teaser], notice: Option<ReadingListNotice>) -> Page {
    let notice = notice.map(|notice| reading_list_notice(frame, notice));
    let teasers = stories.iter().map(|story| teaser(frame, story, Prominence::Row)).collect_view();
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let empty = stories.is_empty().then(|| {
        view! {
            <p class="empty" lang=lang.clone() dir=dir>
                "No saved stories yet. Use \u{201c}Save\u{201d} on any story. "
                <a href=Endpoint::ListNews.path()>"See the latest news"</a> "."
            </p>
        }
    });
    let content = view! {
        <div class="listing">
            <h1 lang=lang>"Saved stories"</h1>
            {notice}
            <ul class="story-rows">{teasers}</ul>
            {empty}
        </div>
    };
    let page = Page::private("Saved stories", content.into_any());
    Page { is_interface: false, ..page }
}
