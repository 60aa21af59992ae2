//! Lists of stories: the latest, and those of a section, tag or author.

use gazette_domain::{Endpoint, StoryPage};
use leptos::prelude::*;

use crate::components::{Prominence, TextLanguage, pager, teaser};
use crate::frame::Frame;
use crate::page::{FeedLinks, Page};

/// Heading, path and filters of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Heading.
    pub title: String,
    /// Text above the heading, such as "Tag".
    pub kind: Option<&'static str>,
    /// Path.
    pub path: String,
    /// Query parameters that filter the list; the links to its other pages keep them.
    pub filters: Vec<(&'static str, String)>,
    /// The page begins with the newest story.
    pub first: bool,
}

/// Shows one page of a list.
pub fn latest(frame: &Frame, listing: &Listing, news: &StoryPage) -> Page {
    let teasers =
        news.items.iter().map(|story| teaser(frame, story, Prominence::Row)).collect_view();
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let kicker = listing.kind.map(|kind| view! { <p class="kicker" lang=lang.clone()>{kind}</p> });
    let heading = match listing.kind {
        Some(_) => view! { <h1 dir="auto">{listing.title.clone()}</h1> }.into_any(),
        None => view! { <h1 lang=lang.clone()>{listing.title.clone()}</h1> }.into_any(),
    };
    let empty = news.items.is_empty().then(|| {
        view! {
            <p class="empty" lang=lang.clone() dir=dir>
                "No stories here yet. " <a href=Endpoint::ListNews.path()>"See the latest news"</a> "."
            </p>
        }
    });
    let next = news.next.as_ref().map(ToString::to_string);
    let content = view! {
        <div class="listing">
            {kicker}
            {heading}
            <ul class="story-rows">{teasers}</ul>
            {empty}
            {pager(frame, &listing.path, &listing.filters, next, listing.first)}
        </div>
    };
    let page = Page::public(listing.title.clone(), &listing.path, content.into_any());
    // Search engines list only the first, unfiltered page: the content of the others shifts.
    let indexed = listing.first && listing.filters.is_empty();
    let feeds = match listing.kind {
        Some(_) => FeedLinks { title: Some(listing.title.clone()), list: listing.path.clone() },
        None => FeedLinks::site(),
    };
    Page { indexed, feeds: Some(feeds), ..page }
}
