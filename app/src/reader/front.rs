//! The front page: top stories, then a band for each section.

use gazette_domain::{Endpoint, FrontStories, Label, Teaser};
use leptos::prelude::*;

use crate::components::{Prominence, TextLanguage, teaser};
use crate::frame::Frame;
use crate::page::{FeedLinks, Page};

/// Stories beside the lead.
const SIDE_STORIES: usize = 3;
/// Number of the newest stories that can be the lead.
const LEAD_CANDIDATES: usize = 6;
/// Stories that each section shows; one row has four.
const STORIES_PER_SECTION: usize = 4;
/// Stories that each section shows when the page has three sections or fewer.
const STORIES_PER_SECTION_IF_FEW: usize = 8;

/// Shows the pinned stories, then the newest ones, each once.
pub fn front(frame: &Frame, stories: &FrontStories) -> Page {
    let shown: Vec<&Teaser> = stories.pinned.iter().chain(&stories.newest).collect();
    let lead_index = lead_index(stories);
    let lead = shown.get(lead_index);
    let mut rest: Vec<&Teaser> = shown
        .iter()
        .copied()
        .enumerate()
        .filter(|(index, _)| *index != lead_index)
        .map(|(_, story)| story)
        .collect();
    let side: Vec<&Teaser> = rest.drain(..rest.len().min(SIDE_STORIES)).collect();
    let top = lead.map(|lead| top_stories(frame, lead, &side));
    let sections = group_by_section(&rest)
        .into_iter()
        .map(|(label, stories)| section(frame, &label, &stories))
        .collect_view();
    let empty = shown.is_empty().then(|| {
        let TextLanguage { lang, dir } = TextLanguage::interface(frame);
        view! { <p class="empty" lang=lang dir=dir>"No stories yet."</p> }
    });
    let title = frame.site.title.clone();
    let lang = TextLanguage::interface(frame).lang;
    let content = view! {
        <h1 class="visually-hidden" lang=lang>{title.clone()}": latest news"</h1>
        {empty}
        {top}
        {sections}
    };
    let description = format!("The latest news from {title}.");
    Page {
        description: Some(description),
        feeds: Some(FeedLinks::site()),
        ..Page::public(title, Endpoint::FrontPage.path(), content.into_any())
    }
}

/// Returns the index of the lead: the first pinned story, or else the newest candidate with a
/// picture, which the lead needs.
fn lead_index(stories: &FrontStories) -> usize {
    if !stories.pinned.is_empty() {
        return 0;
    }
    let mut candidates = stories.newest.iter().take(LEAD_CANDIDATES);
    candidates.position(|story| story.image.is_some()).unwrap_or(0)
}

fn top_stories(frame: &Frame, lead: &Teaser, side: &[&Teaser]) -> impl IntoView + use<> {
    let side = side.iter().map(|story| teaser(frame, story, Prominence::Side)).collect_view();
    let lang = TextLanguage::interface(frame).lang;
    view! {
        <section class="container" aria-labelledby="top">
            <h2 id="top" lang=lang>"Top stories"</h2>
            <ul class="grid">
                {teaser(frame, lead, Prominence::Lead)}
                <li class="side"><ul class="side-list">{side}</ul></li>
            </ul>
        </section>
    }
}

fn section(frame: &Frame, label: &Label, stories: &[&Teaser]) -> impl IntoView + use<> {
    let teasers =
        stories.iter().map(|story| teaser(frame, story, Prominence::Quarter)).collect_view();
    let id = format!("section-{}", label.slug);
    let heading = id.clone();
    view! {
        <section class="container" aria-labelledby=heading>
            <h2 id=id>
                <a dir="auto" href=Endpoint::Section.path_with(&label.slug)>{label.name.clone()}</a>
            </h2>
            <ul class="grid">{teasers}</ul>
        </section>
    }
}

/// Groups stories by section, the section with the newest story first.
fn group_by_section<'a>(stories: &[&'a Teaser]) -> Vec<(Label, Vec<&'a Teaser>)> {
    let mut groups: Vec<(Label, Vec<&Teaser>)> = Vec::new();
    for story in stories {
        match groups.iter_mut().find(|(label, _)| label.slug == story.section.slug) {
            Some((_, group)) => group.push(story),
            None => groups.push((story.section.clone(), vec![story])),
        }
    }
    let max = if groups.len() > 3 { STORIES_PER_SECTION } else { STORIES_PER_SECTION_IF_FEW };
    for (_, group) in &mut groups {
        group.truncate(max);
    }
    groups
}
