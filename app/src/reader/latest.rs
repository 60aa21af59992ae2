//! Lists of stories: the latest, and those of a section, tag or author.

use gazette_domain::{Endpoint, LabelKind, Month, StoryPage};
use leptos::prelude::*;

use crate::components::{Prominence, TextLanguage, list_tools, pager, teasers};
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::page::{FeedLinks, Page};
use crate::reader::archive::month_name;
use crate::reader::list_rail::{list_rail, summary};
use crate::reader::listing::Listing;

/// Shows one page of a list.
pub fn latest(frame: &Frame, listing: &Listing, news: &StoryPage) -> Page {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let kicker = listing.kind.map(|kind| {
        view! { <p class="kicker" lang=lang.clone()>{name_of(kind)}</p> }
    });
    let heading = match listing.kind {
        Some(_) => view! { <h1 dir="auto">{listing.title.clone()}</h1> }.into_markup(),
        None => view! { <h1 lang=lang.clone()>{listing.title.clone()}</h1> }.into_markup(),
    };
    let is_latest = listing.kind.is_none() && listing.filters.is_empty() && listing.first;
    let empty = news.items.is_empty().then(|| {
        let link = (!is_latest).then(|| {
            view! { " " <a href=Endpoint::ListNews.path()>"See the latest news"</a> "." }
        });
        view! {
            <p class="empty" lang=lang.clone() dir=dir>
                "No stories here yet." {link}
            </p>
        }
    });
    let next = news.next.as_ref().map(ToString::to_string);
    let content = view! {
        <div class="listing with-rail">
            <header>
                {kicker}
                {heading}
                {filters(frame, listing)}
            </header>
            <div class="list-main">
                {rows(frame, listing, news)}
                {empty}
                {pager(frame, &listing.path, &listing.filters, next, listing.first)}
                {list_tools()}
            </div>
            {list_rail(frame, listing)}
        </div>
    };
    let page = Page::public(listing.title.clone(), &listing.path, content.into_markup());
    // Search engines list only the first, unfiltered page: the content of the others shifts.
    let indexed = listing.first && listing.filters.is_empty();
    let feeds = match listing.kind {
        Some(_) => FeedLinks { title: Some(listing.title.clone()), list: listing.path.clone() },
        None => FeedLinks::site(),
    };
    let description = summary(&frame.site.title, listing);
    Page { indexed, feeds: Some(feeds), description: Some(description), ..page }
}

/// Says which stories are shown, and leads to all.
fn filters(frame: &Frame, listing: &Listing) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let of_list = listing.filters.iter().filter(|(name, _)| *name != "limit");
    let named: Vec<_> = of_list
        .map(|(name, value)| match value.parse::<Month>() {
            Ok(month) if *name == "month" => (String::new(), month_name(month)),
            _ => (format!("{name} "), value.clone()),
        })
        .map(|(name, value)| view! { {name} <bdi>{value}</bdi> ". " })
        .collect();
    (!named.is_empty()).then(|| {
        view! {
            <p class="meta" lang=lang dir=dir>
                "Only " {named} <a href=listing.path.clone()>"Show all"</a>
            </p>
        }
    })
}

fn rows(frame: &Frame, listing: &Listing, news: &StoryPage) -> impl IntoView + use<> {
    let in_section = listing.kind == Some(LabelKind::Section);
    let teasers = teasers(frame, &news.items, Prominence::Row, in_section);
    (!teasers.is_empty()).then(|| view! { <ul class="story-rows">{teasers}</ul> })
}

fn name_of(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Section => "Section",
        LabelKind::Tag => "Tag",
        LabelKind::Author => "Author",
    }
}
