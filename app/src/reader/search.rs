//! Search: its form and its results.

use gazette_domain::{Endpoint, LabelKind, Teaser};
use leptos::prelude::*;

use crate::components::{
    PageLink, Prominence, TextLanguage, list_tools, teasers, time, with_query,
};
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::page::Page;
use crate::reader::search_form::{SearchForm, search_form};

/// A part of a text; the parts that match are marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedPart {
    /// Plain text.
    pub text: String,
    /// It is a match.
    pub is_match: bool,
}

/// A found story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchResult {
    /// The story.
    pub story: Teaser,
    /// Its headline.
    pub headline: Vec<MarkedPart>,
    /// The part of its text that shows why it was found.
    pub snippet: Vec<MarkedPart>,
}

/// A page of results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchResults {
    /// Results, best first.
    pub items: Vec<SearchResult>,
    /// Number of all results.
    pub total: usize,
    /// Number of this page, from 1.
    pub page: usize,
    /// `true` if another page follows.
    pub has_more: bool,
    /// Set if the results do not have every word as it was typed.
    pub note: Option<&'static str>,
}

/// Content below the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchOutcome {
    /// Nothing was searched for: the latest stories.
    Nothing(Vec<Teaser>),
    /// A field is wrong. Contains the field and what to do.
    Invalid(&'static str, String),
    /// Results.
    Found(SearchResults),
    /// No results: the latest stories instead.
    NotFound(Vec<Teaser>),
}

/// Shows the search.
pub fn search(frame: &Frame, form: &SearchForm, outcome: &SearchOutcome) -> Page {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let invalid = match outcome {
        SearchOutcome::Invalid(field, message) => Some((*field, message.as_str())),
        _ => None,
    };
    let below = match outcome {
        SearchOutcome::Nothing(latest) => suggestions(frame, latest).into_markup(),
        SearchOutcome::Invalid(..) => ().into_markup(),
        SearchOutcome::Found(found) => results(frame, form, found).into_markup(),
        SearchOutcome::NotFound(latest) => {
            view! { {no_results(frame, form)} {suggestions(frame, latest)} }.into_markup()
        }
    };
    let content = view! {
        <div class="listing search-page">
            <h1 lang=lang dir=dir>"Search"</h1>
            {search_form(frame, form, invalid)}
            {below}
            {list_tools()}
        </div>
    };
    let title = match form.q.trim() {
        "" => "Search".to_owned(),
        text => format!("Search: {}", shortened(text)),
    };
    let path = Endpoint::Search.path();
    let description = format!("Search all stories of {}.", frame.site.title);
    Page {
        description: Some(description),
        // Search engines list stories, not searches for them.
        indexed: matches!(outcome, SearchOutcome::Nothing(_)),
        ..Page::public(title, path, content.into_markup())
    }
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() { format!("{short}\u{2026}") } else { short }
}

fn results(frame: &Frame, form: &SearchForm, found: &SearchResults) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let items = found.items.iter().map(|result| search_result(frame, result)).collect_view();
    let number = match found.total {
        1 => "1 story".to_owned(),
        total => format!("{total} stories"),
    };
    let page = (found.page > 1).then(|| format!(", page {}", found.page));
    let note = found.note.map(|note| view! { " " {note} });
    let list = if found.items.is_empty() {
        let first = page_href(form, 1);
        view! {
            <p class="empty" lang=lang.clone() dir=dir>
                "There are no stories on this page. " <a href=first>"Go to the first page"</a>
            </p>
        }
        .into_markup()
    } else {
        view! { <ol class="search-results">{items}</ol> }.into_markup()
    };
    view! {
        <p class="search-count" role="status" lang=lang dir=dir>{number}{page}"."{note}</p>
        {list}
        {pages(frame, form, found)}
    }
}

fn search_result(frame: &Frame, result: &SearchResult) -> impl IntoView + use<> {
    let story = &result.story;
    let TextLanguage { lang, dir } = TextLanguage::of_story(story);
    let authors = story
        .labels(LabelKind::Author)
        .iter()
        .map(|author| view! { <span dir="auto">{author.name.clone()}</span> })
        .collect_view();
    view! {
        <li class="search-result">
            <span class="kicker" dir="auto">{story.section.name.clone()}</span>
            <h2 lang=lang.clone() dir=dir>
                <a href=story.path()>{marked(&result.headline)}</a>
            </h2>
            <p lang=lang dir=dir>{marked(&result.snippet)}</p>
            <span class="meta">{time(frame, story.published_at)} {authors}</span>
        </li>
    }
}

fn marked(parts: &[MarkedPart]) -> impl IntoView + use<> {
    parts
        .iter()
        .map(|part| {
            let text = part.text.clone();
            if part.is_match {
                view! { <mark>{text}</mark> }.into_markup()
            } else {
                text.into_markup()
            }
        })
        .collect_view()
}

fn page_href(form: &SearchForm, page: usize) -> String {
    let mut fields = vec![("q", form.q.clone())];
    let filters = [("section", &form.section), ("from", &form.from), ("to", &form.to)];
    fields.extend(filters.map(|(name, value)| (name, value.clone())));
    fields.retain(|(_, value)| !value.is_empty());
    if page > 1 {
        fields.push(("page", page.to_string()));
    }
    with_query(Endpoint::Search.path(), &fields)
}

fn pages(frame: &Frame, form: &SearchForm, found: &SearchResults) -> impl IntoView + use<> {
    let link = |label, page| PageLink { label, href: page_href(form, page) };
    let has_previous = found.page > 1 && !found.items.is_empty();
    let previous = has_previous.then(|| link("Previous", found.page - 1));
    let next = found.has_more.then(|| link("Next", found.page + 1));
    crate::components::page_links(frame, previous, next)
}

fn no_results(frame: &Frame, form: &SearchForm) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let has_filter = [&form.section, &form.from, &form.to].iter().any(|field| !field.is_empty());
    let all = with_query(Endpoint::Search.path(), &[("q", form.q.clone())]);
    let without = has_filter.then(|| {
        view! { <li><a href=all>"Search all sections and dates"</a></li> }
    });
    // A word begins to count at its second letter.
    let more_letters = (form.q.trim().chars().count() == 1)
        .then(|| view! { <li>"Type at least two letters of a word."</li> });
    let sought = match form.q.trim() {
        "" => "No stories in this section and time.".into_markup(),
        text => {
            let text = shortened(text);
            view! { "No stories for \u{201c}"<bdi>{text}</bdi>"\u{201d}." }.into_markup()
        }
    };
    view! {
        <div class="empty" lang=lang dir=dir>
            <p role="status">{sought}</p>
            <ul>
                {without}
                <li>"Check the spelling, or try fewer or more general words."</li>
                {more_letters}
                <li>"Words in quotes are found only beside each other."</li>
            </ul>
        </div>
    }
}

fn suggestions(frame: &Frame, latest: &[Teaser]) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let lines = teasers(frame, latest, Prominence::Latest(false), false);
    (!latest.is_empty()).then(|| {
        view! {
            <section class="now" aria-labelledby="latest">
                <h2 id="latest" lang=lang dir=dir>"Latest news"</h2>
                <ol>{lines}</ol>
            </section>
        }
    })
}
