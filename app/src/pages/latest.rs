//! Lists of stories: the latest, and those of a section, a tag or an author.

use gazette_domain::StoryPage;
use leptos::prelude::*;

use crate::components::{Prominence, pager, teaser};
use crate::frame::Frame;
use crate::pages::Page;

/// Which list it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Its heading.
    pub title: String,
    /// A word over the heading, such as "Tag".
    pub kind: Option<&'static str>,
    /// Its path.
    pub path: String,
    /// The parameters that make it this list, which the pages after it keep.
    pub filters: Vec<(&'static str, String)>,
    /// Whether it begins with the newest story.
    pub first: bool,
}

/// Shows one page of a list.
pub fn latest(frame: &Frame, listing: &Listing, news: &StoryPage) -> Page {
    let teasers =
        news.items.iter().map(|story| teaser(story, Prominence::Row, frame.now)).collect_view();
    let kicker = listing.kind.map(|kind| view! { <p class="kicker">{kind}</p> });
    let empty = news.items.is_empty().then(|| {
        view! {
            <p class="empty">
                "There are no stories here. " <a href="/news">"See the latest news"</a> "."
            </p>
        }
    });
    let next = news.next.as_ref().map(ToString::to_string);
    let content = view! {
        <div class="listing">
            {kicker}
            <h1>{listing.title.clone()}</h1>
            <ul class="grid rows">{teasers}</ul>
            {empty}
            {pager(&listing.path, &listing.filters, next, listing.first)}
        </div>
    };
    let page = Page::public(listing.title.clone(), &listing.path, content.into_any());
    // Only the first page of the whole list has a lasting address: the others move on.
    Page { indexed: listing.first && listing.filters.is_empty(), ..page }
}
