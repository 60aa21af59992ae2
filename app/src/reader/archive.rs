//! The archive: years and months, and the stories of a month.

use gazette_domain::{Endpoint, Month, MonthSummary, StoryPage, Teaser};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{
    PageLink, Prominence, TextLanguage, list_tools, page_links, teasers, with_query,
};
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::page::Page;

/// Shows the years with their months, the newest first.
pub fn archive(frame: &Frame, months: &[MonthSummary]) -> Page {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let years = months
        .chunk_by(|one, other| one.month.year() == other.month.year())
        .map(year)
        .collect_view();
    let empty = months.is_empty().then(|| view! { <p class="empty">"No stories yet."</p> });
    let total: Option<usize> = months.iter().map(|month| month.stories).sum();
    let summary = total.zip(months.last()).map(|(total, oldest)| {
        let text = format!("{} since {}.", stories(total), month_name(oldest.month));
        view! { <p class="meta">{text}</p> }
    });
    let content = view! {
        <div class="listing archive" lang=lang dir=dir>
            <h1>"Archive"</h1>
            {summary}
            {years}
            {empty}
        </div>
    };
    let description = format!("All stories of {}, by year and month.", frame.site.title);
    let page = Page::public("Archive", Endpoint::Archive.path(), content.into_markup());
    Page { description: Some(description), ..page }
}

fn year(months: &[MonthSummary]) -> impl IntoView + use<> {
    let year = months.first().map(|month| month.month.year()).unwrap_or_default();
    let id = format!("y{year}");
    let heading = id.clone();
    let count: Option<usize> = months.iter().map(|month| month.stories).sum();
    let count = count.map(|count| view! { " " <span class="meta">{stories(count)}</span> });
    let cells = months.iter().map(month_cell).collect_view();
    view! {
        <section class="year" aria-labelledby=id>
            <h2 id=heading>{year}{count}</h2>
            <ul>{cells}</ul>
        </section>
    }
}

fn month_cell(summary: &MonthSummary) -> impl IntoView + use<> {
    let name = summary.month.first_day().strftime("%B").to_string();
    let count = summary.stories.map(|count| {
        view! { " " <span class="meta">{count}<span class="visually-hidden">{noun(count)}</span></span> }
    });
    view! { <li><a href=summary.month.path()>{name}</a>{count}</li> }
}

/// A month of the archive.
#[derive(Clone, Debug)]
pub struct ArchiveMonth {
    /// Month.
    pub month: Month,
    /// Number of its stories, if it is known.
    pub stories: Option<usize>,
    /// The month before with stories.
    pub previous: Option<Month>,
    /// The month after with stories.
    pub next: Option<Month>,
    /// The page begins at the end of this day; `None` on the first page.
    pub day: Option<Date>,
    /// The page follows another one.
    pub is_continued: bool,
    /// The stories do not fit on one page.
    pub has_pages: bool,
}

/// Shows a page of the stories of a month, by day.
pub fn archive_month(frame: &Frame, shown: &ArchiveMonth, news: &StoryPage) -> Page {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let title = month_name(shown.month);
    let path = shown.month.path();
    let days = news
        .items
        .chunk_by(|one, other| day_of(frame, one) == day_of(frame, other))
        .map(|stories| day(frame, stories))
        .collect_view();
    let count = shown.stories.map(|count| {
        view! { <p class="meta" lang=lang.clone() dir=dir>{stories(count)}</p> }
    });
    let is_first = shown.day.is_none() && !shown.is_continued;
    let first = (!is_first).then(|| PageLink { label: "All of the month", href: path.clone() });
    let older = news.next.as_ref().map(|cursor| PageLink {
        label: "Older",
        href: with_query(&path, &[("cursor", cursor.to_string())]),
    });
    let content = view! {
        <div class="listing archive">
            <p class="kicker" lang=lang.clone() dir=dir>
                <a href=Endpoint::Archive.path()>"Archive"</a>
            </p>
            <h1 lang=lang.clone() dir=dir>{title.clone()}</h1>
            {count}
            {shown.has_pages.then(|| day_links(frame, shown))}
            {days}
            {page_links(frame, first, older)}
            {neighbours(frame, shown)}
            {list_tools()}
        </div>
    };
    let description = format!("Stories of {} from {title}.", frame.site.title);
    let page = Page::public(title, &path, content.into_markup());
    Page { description: Some(description), indexed: is_first, ..page }
}

fn day(frame: &Frame, stories: &[Teaser]) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let date = stories.first().map(|story| day_of(frame, story)).unwrap_or_default();
    let title = date.strftime("%A %-d").to_string();
    let id = format!("d{}", date.day());
    let heading = id.clone();
    let rows = teasers(frame, stories, Prominence::Short, false);
    view! {
        <section class="day" aria-labelledby=id>
            <h2 id=heading lang=lang dir=dir>{title}</h2>
            <ul class="rows">{rows}</ul>
        </section>
    }
}

/// Shows links to the days of a month with many stories, so that each is near.
fn day_links(frame: &Frame, shown: &ArchiveMonth) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let path = shown.month.path();
    let first = shown.month.first_day();
    let links: Vec<_> = (1..=first.days_in_month())
        .map(|day| {
            let current = shown.day.is_some_and(|it| it.day() == day).then_some("page");
            let href = with_query(&path, &[("day", day.to_string())]);
            view! { <li><a href=href aria-current=current>{day}</a></li> }
        })
        .collect();
    view! {
        <nav class="days" aria-label="Days" lang=lang dir=dir>
            <ul>{links}</ul>
        </nav>
    }
}

fn neighbours(frame: &Frame, shown: &ArchiveMonth) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let link = |month: Month, rel: &'static str, arrow: &'static str| {
        view! {
            <li>
                <a href=month.path() rel=rel>
                    <span class="meta">{arrow}</span> {month_name(month)}
                </a>
            </li>
        }
    };
    let previous = shown.previous.map(|month| link(month, "prev", "Earlier: "));
    let next = shown.next.map(|month| link(month, "next", "Later: "));
    (previous.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="neighbours" aria-label="Months" lang=lang dir=dir>
                <ul>{previous}{next}</ul>
            </nav>
        }
    })
}

fn day_of(frame: &Frame, story: &Teaser) -> Date {
    frame.site.time_zone.to_datetime(story.published_at).date()
}

/// Returns "November 2026".
pub(super) fn month_name(month: Month) -> String {
    month.first_day().strftime("%B %Y").to_string()
}

/// Returns "1 story" or "2 stories".
pub(super) fn stories(count: usize) -> String {
    format!("{count}{}", noun(count))
}

fn noun(count: usize) -> &'static str {
    if count == 1 { " story" } else { " stories" }
}
