//! Rail beside a list: facts about the list, its months and its feeds.

use gazette_domain::{Endpoint, FeedFormat, LabelKind, MonthSummary};
use leptos::prelude::*;

use crate::components::{TextLanguage, with_query};
use crate::frame::Frame;
use crate::reader::archive::{month_name, stories};
use crate::reader::listing::Listing;

/// Months that are shown; the archive has all.
const MAX_MONTHS: usize = 6;

/// Shows the rail of a list.
pub(super) fn list_rail(frame: &Frame, listing: &Listing) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    view! {
        <aside class="list-rail" aria-label="About this list" lang=lang dir=dir>
            {about(listing)} {months(listing)} {feeds(listing)}
        </aside>
    }
}

/// Returns what the list contains, as a sentence.
pub(super) fn summary(site: &str, listing: &Listing) -> String {
    let name = &listing.title;
    let what = match listing.kind {
        None => format!("All stories of {site}, newest first."),
        Some(LabelKind::Section) => {
            format!("{name}: the stories of this section of {site}, newest first.")
        }
        Some(LabelKind::Tag) => format!("Stories about {name} in {site}, newest first."),
        Some(LabelKind::Author) => format!("Stories by {name} in {site}, newest first."),
    };
    let total: Option<usize> = listing.months.iter().map(|month| month.stories).sum();
    match total.zip(listing.months.last()) {
        Some((total, oldest)) => {
            format!("{what} {} since {}.", stories(total), month_name(oldest.month))
        }
        None => what,
    }
}

fn about(listing: &Listing) -> impl IntoView + use<> {
    let title = match listing.kind {
        None => "About this list",
        Some(LabelKind::Section) => "About this section",
        Some(LabelKind::Tag) => "About this tag",
        Some(LabelKind::Author) => "About this author",
    };
    let total: Option<usize> = listing.months.iter().map(|month| month.stories).sum();
    let facts = total
        .zip(listing.months.last())
        .map(|(total, oldest)| format!("{} since {}.", stories(total), month_name(oldest.month)));
    view! {
        <section>
            <h2>{title}</h2>
            <p>{facts} " Newest first."</p>
        </section>
    }
}

fn months(listing: &Listing) -> impl IntoView + use<> {
    let href = |month: &MonthSummary| match &listing.month_filter {
        None => month.month.path(),
        Some((name, value)) => {
            let parameters = [(*name, value.clone()), ("month", month.month.to_string())];
            with_query(Endpoint::ListNews.path(), &parameters)
        }
    };
    // No list has the stories of an author in a month.
    let has_links = listing.kind.is_none() || listing.month_filter.is_some();
    let links: Vec<_> = listing
        .months
        .iter()
        .take(if has_links { MAX_MONTHS } else { 0 })
        .map(|month| {
            let count = month.stories.map(|count| {
                view! { " " <span class="meta">{count}</span> }
            });
            view! { <li><a href=href(month) rel=listing.month_filter.is_some().then_some("nofollow")>{month_name(month.month)}</a>{count}</li> }
        })
        .collect();
    view! {
        <section>
            <h2>"Months"</h2>
            <ul>
                {links}
                <li><a href=Endpoint::Archive.path()>"Whole archive"</a></li>
            </ul>
        </section>
    }
}

fn feeds(listing: &Listing) -> impl IntoView + use<> {
    let list = if listing.kind.is_some() { listing.path.as_str() } else { "" };
    let links = FeedFormat::ALL
        .map(|format| view! { <li><a href=format.path(list)>{format.name()}</a></li> })
        .collect_view();
    view! {
        <section>
            <h2>"Follow"</h2>
            <ul class="in-line">{links}</ul>
        </section>
    }
}
