//! The front page: the newest stories, then what each section has.

use gazette_domain::{Label, Teaser};
use leptos::prelude::*;

use crate::components::{Prominence, teaser};
use crate::frame::Frame;
use crate::pages::Page;

/// How many stories stand beside the lead.
const BESIDE_THE_LEAD: usize = 3;
/// How many stories a section shows, a row of four at a time.
const PER_SECTION: usize = 4;
/// How many when there are so few sections that the page would be short.
const PER_SECTION_OF_FEW: usize = 8;

/// Lays out the newest stories; each stands once.
pub fn front(frame: &Frame, newest: &[Teaser]) -> Page {
    let now = frame.now;
    // The lead is the newest story with a picture among the first few, else the newest.
    let lead_at = newest.iter().take(6).position(|story| story.image.is_some()).unwrap_or(0);
    let lead = newest.get(lead_at);
    let mut rest: Vec<&Teaser> = newest
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != lead_at)
        .map(|(_, story)| story)
        .collect();
    let beside: Vec<&Teaser> = rest.drain(..rest.len().min(BESIDE_THE_LEAD)).collect();
    let top = lead.map(|lead| {
        let beside = beside.iter().map(|story| teaser(story, Prominence::Side, now)).collect_view();
        view! {
            <section class="container" aria-labelledby="top">
                <h2 id="top">"Top stories"</h2>
                <ul class="grid">
                    {teaser(lead, Prominence::Lead, now)}
                    <li class="side"><ul class="sidelist">{beside}</ul></li>
                </ul>
            </section>
        }
    });
    let sections = sections(&rest)
        .into_iter()
        .map(|(label, stories)| section(frame, &label, &stories))
        .collect_view();
    let empty = newest.is_empty().then(|| {
        view! { <p class="empty">"There is no news yet. Come back soon."</p> }
    });
    let title = frame.site.title.clone();
    let content = view! {
        <h1 class="vh">{title.clone()}": latest news"</h1>
        {empty}
        {top}
        {sections}
    };
    let description = format!("The latest news from {title}.");
    Page { description: Some(description), ..Page::public(title, "/", content.into_any()) }
}

fn section(frame: &Frame, label: &Label, stories: &[&Teaser]) -> impl IntoView + use<> {
    let teasers =
        stories.iter().map(|story| teaser(story, Prominence::Quarter, frame.now)).collect_view();
    let id = format!("section-{}", label.slug);
    let heading = id.clone();
    view! {
        <section class="container" aria-labelledby=heading>
            <h2 id=id>
                <a href=format!("/section/{}", label.slug)>{label.name.clone()}</a>
            </h2>
            <ul class="grid">{teasers}</ul>
        </section>
    }
}

/// Groups stories by section, the section with the newest story first.
fn sections<'a>(stories: &[&'a Teaser]) -> Vec<(Label, Vec<&'a Teaser>)> {
    let mut groups: Vec<(Label, Vec<&Teaser>)> = Vec::new();
    for story in stories {
        match groups.iter_mut().find(|(label, _)| label.slug == story.section.slug) {
            Some((_, group)) => group.push(story),
            None => groups.push((story.section.clone(), vec![story])),
        }
    }
    let most = if groups.len() > 3 { PER_SECTION } else { PER_SECTION_OF_FEW };
    for (_, group) in &mut groups {
        group.truncate(most);
    }
    groups
}
