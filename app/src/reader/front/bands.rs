//! Views of the bands of the front page.

use gazette_domain::{Endpoint, Label, Teaser};
use leptos::prelude::*;

use super::plan::{Band, MAX_LATEST_WITH_SUMMARY, ShortList, Top};
use crate::components::{Prominence, TextLanguage, single_teaser, teasers};
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};

/// Shows the first band.
pub(super) fn top(frame: &Frame, top: &Top<'_>) -> impl IntoView + use<> {
    let lang = TextLanguage::interface(frame).lang;
    // Beside a lead without a picture, headlines alone would leave a hole.
    let sub = if top.lead.image.is_some() { Prominence::Sub } else { Prominence::Text };
    let subs = list(frame, &top.subs, sub, "subs");
    let side = list(frame, &top.side, Prominence::Side, "side");
    let has_summary = top.latest.len() <= MAX_LATEST_WITH_SUMMARY;
    let latest = (!top.latest.is_empty()).then(|| {
        let lines =
            teasers(frame, top.latest.iter().copied(), Prominence::Latest(has_summary), false);
        view! {
            <section class="now" aria-labelledby="now">
                <h2 id="now" lang=lang.clone()>
                    <a href=Endpoint::ListNews.path()>"Latest"</a>
                </h2>
                <ol>{lines}</ol>
            </section>
        }
    });
    let class = match (top.side.is_empty(), top.latest.is_empty()) {
        (true, true) => "hero alone",
        (true, false) => "hero two-columns latest",
        (false, true) => "hero two-columns",
        (false, false) => "hero",
    };
    view! {
        <section class="band" aria-labelledby="top">
            <h2 id="top" class="visually-hidden" lang=lang>"Top stories"</h2>
            <div class=class>
                <div class="lead">
                    {single_teaser(frame, top.lead, Prominence::Lead, false)}
                    {subs}
                </div>
                {side}
                {latest}
            </div>
        </section>
    }
}

/// Shows another band. Its number makes the ids of its headings unique.
pub(super) fn band(frame: &Frame, band: &Band<'_>, number: usize) -> Markup {
    let id = format!("band-{number}");
    match band {
        Band::Mix { section, big, rows } => {
            let rows = teasers(frame, rows.iter().copied(), Prominence::Text, true);
            let header = section_header(frame, section, &id);
            view! {
                <section class="band" aria-labelledby=id>
                    {header}
                    <div class="mix">
                        {single_teaser(frame, big, Prominence::Big, true)}
                        <ul class="rows">{rows}</ul>
                    </div>
                </section>
            }
            .into_markup()
        }
        Band::Four { section, stories } => {
            grid(frame, *section, stories, Prominence::Quarter, "four", id).into_markup()
        }
        Band::Headlines { section, stories } => {
            let class = match stories.len() {
                count if count.is_multiple_of(4) => "headlines fours",
                count if count.is_multiple_of(3) => "headlines threes",
                _ => "headlines",
            };
            grid(frame, *section, stories, Prominence::Text, class, id).into_markup()
        }
        Band::Pair(lists) => {
            let lists: Vec<_> = lists
                .iter()
                .enumerate()
                .map(|(n, list)| short_list(frame, list, number, n))
                .collect();
            view! { <div class="band"><div class="pair">{lists}</div></div> }.into_markup()
        }
    }
}

fn grid(
    frame: &Frame,
    section: Option<&Label>,
    stories: &[&Teaser],
    prominence: Prominence,
    class: &'static str,
    id: String,
) -> impl IntoView + use<> {
    let header = match section {
        Some(section) => section_header(frame, section, &id).into_markup(),
        None => mixed_header(frame, prominence, &id).into_markup(),
    };
    let teasers = teasers(frame, stories.iter().copied(), prominence, section.is_some());
    view! {
        <section class="band" aria-labelledby=id>
            {header}
            <ul class=class>{teasers}</ul>
        </section>
    }
}

fn short_list(
    frame: &Frame,
    list: &ShortList<'_>,
    number: usize,
    index: usize,
) -> impl IntoView + use<> {
    let id = format!("band-{number}-{index}");
    let pictured = usize::from(list.has_picture);
    let (first, rest) = (list.stories.iter().take(pictured), list.stories.iter().skip(pictured));
    let mut rows = teasers(frame, first.copied(), Prominence::Thumb, true);
    rows.extend(teasers(frame, rest.copied(), Prominence::Short, true));
    let header = section_header(frame, list.section, &id);
    view! {
        <section aria-labelledby=id>
            {header}
            <ul class="rows">{rows}</ul>
        </section>
    }
}

/// Shows the heading of stories of several sections.
fn mixed_header(frame: &Frame, prominence: Prominence, id: &str) -> impl IntoView + use<> {
    let id = id.to_owned();
    let title = if prominence == Prominence::Text { "More headlines" } else { "More news" };
    let lang = TextLanguage::interface(frame).lang;
    view! {
        <header class="band-head" lang=lang>
            <h2 id=id>{title}</h2>
            <a class="more" href=Endpoint::ListNews.path()>"All stories"</a>
        </header>
    }
}

/// Shows the name of a section and a link to all of its stories.
pub(crate) fn section_header(frame: &Frame, section: &Label, id: &str) -> impl IntoView + use<> {
    let id = id.to_owned();
    let href = Endpoint::Section.path_with(&section.slug);
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    view! {
        <header class="band-head">
            <h2 id=id dir="auto">{section.name.clone()}</h2>
            <a class="more" href=href lang=lang dir=dir>
                "All " <bdi>{section.name.clone()}</bdi> " stories"
            </a>
        </header>
    }
}

fn list(
    frame: &Frame,
    stories: &[&Teaser],
    prominence: Prominence,
    class: &'static str,
) -> impl IntoView + use<> {
    (!stories.is_empty()).then(|| {
        let teasers = teasers(frame, stories.iter().copied(), prominence, false);
        view! { <ul class=class>{teasers}</ul> }
    })
}
