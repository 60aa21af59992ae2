//! The reader's list of saved stories.

use gazette_domain::{Endpoint, Teaser};
use leptos::prelude::*;

use crate::components::{Prominence, TextLanguage, single_teaser};
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::member::notice::{ReadingListNotice, reading_list_notice};
use crate::page::Page;

/// Shows the saved stories, each with the button that removes it from the list.
pub fn saved(frame: &Frame, stories: &[Teaser], notice: Option<ReadingListNotice>) -> Page {
    let notice = notice.map(|notice| reading_list_notice(frame, notice));
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let teasers = stories.iter().map(|story| row(frame, story)).collect_view();
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
    let page = Page::private("Saved stories", content.into_markup());
    Page { is_interface: false, ..page }
}

fn row(frame: &Frame, story: &Teaser) -> impl IntoView + use<> {
    let lang = TextLanguage::interface(frame).lang;
    let label = format!("Remove \u{201c}{}\u{201d} from saved", story.headline);
    view! {
        <li class="saved-row">
            {single_teaser(frame, story, Prominence::Row, false)}
            <form method="post" action=Endpoint::RemoveSavedStory.path() lang=lang>
                <input r#type="hidden" name="id" value=story.id.to_string() />
                <button class="btn quiet small" aria-label=label>"Remove"</button>
            </form>
        </li>
    }
}
