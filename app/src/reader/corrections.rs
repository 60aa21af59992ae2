//! Corrections: those of a story below its text, and the list of all.

use gazette_domain::{Correction, CorrectionPage, Endpoint, ListedCorrection, Story};
use leptos::prelude::*;
use serde_json::{Value, json};

use crate::components::{TextLanguage, full_time, pager};
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::page::Page;

/// Id of the corrections on the page of their story.
pub(super) const ANCHOR: &str = "corrections";

/// Shows one page of the corrections of all stories. `first` is `true` on the first page.
pub fn corrections(frame: &Frame, shown: &CorrectionPage, first: bool) -> Page {
    let path = Endpoint::Corrections.path();
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let items = shown.items.iter().map(|item| listed(frame, item)).collect_view();
    let empty = shown.items.is_empty().then(|| {
        let text = if first { "No corrections yet." } else { "No more corrections." };
        view! { <p class="empty" lang=lang.clone() dir=dir>{text}</p> }
    });
    let next = shown.next.as_ref().map(ToString::to_string);
    let content = view! {
        <div class="listing corrections-page">
            <div lang=lang.clone() dir=dir>
                <h1>"Corrections"</h1>
                <p class="meta">
                    "When we get something wrong, we say so here and below the story. Latest first."
                </p>
            </div>
            <ul class="correction-list">{items}</ul>
            {empty}
            {pager(frame, path, &[], next, first)}
        </div>
    };
    let page = Page::public("Corrections", path, content.into_markup());
    let description = format!("Corrections of stories in {}.", frame.site.title);
    // Search engines list only the first page: the content of the others shifts.
    Page { description: Some(description), indexed: first, ..page }
}

fn listed(frame: &Frame, item: &ListedCorrection) -> impl IntoView + use<> {
    let story = &item.teaser;
    let TextLanguage { lang, dir } = TextLanguage::of_story(story);
    let href = format!("{}#{ANCHOR}", story.path());
    view! {
        <li>
            <p class="meta">{full_time(frame, item.correction.at, &frame.site.language)}</p>
            <h2 lang=lang.clone() dir=dir><a href=href>{story.headline.clone()}</a></h2>
            <p class="text" lang=lang dir=dir>{item.correction.text.clone()}</p>
        </li>
    }
}

/// Shows the corrections below the text of a story, latest first.
pub(super) fn of_story(frame: &Frame, story: &Story) -> impl IntoView + use<> {
    let language = frame.site.language_of(&story.teaser);
    let TextLanguage { lang, dir } = TextLanguage::interface_inside(language);
    let text_dir = story.teaser.language.is_none().then_some("auto");
    let item = |correction: &Correction| {
        view! {
            <li>
                <p class="meta">{full_time(frame, correction.at, language)}</p>
                <p class="text" dir=text_dir>{correction.text.clone()}</p>
            </li>
        }
    };
    let items = story.corrections.iter().rev().map(item).collect_view();
    let heading = if story.corrections.len() == 1 { "Correction" } else { "Corrections" };
    (!story.corrections.is_empty()).then(|| {
        view! {
            <section class="corrections" id=ANCHOR aria-labelledby="corrections-title">
                <h2 id="corrections-title" lang=lang dir=dir>{heading}</h2>
                <ul class="correction-list">{items}</ul>
            </section>
        }
    })
}

/// Shows a link to the corrections in the line below the headline.
pub(super) fn link(frame: &Frame, story: &Story) -> impl IntoView + use<> {
    let language = frame.site.language_of(&story.teaser);
    let TextLanguage { lang, dir } = TextLanguage::interface_inside(language);
    (!story.corrections.is_empty()).then(|| {
        view! { <a class="meta" href=format!("#{ANCHOR}") lang=lang dir=dir>"Corrected"</a> }
    })
}

/// Adds the corrections to the JSON-LD of a story.
pub(super) fn add_structured_data(data: &mut Value, story: &Story) {
    let comment = |correction: &Correction| {
        json!({
            "@type": "CorrectionComment",
            "text": correction.text,
            "datePublished": correction.at,
        })
    };
    if let (Some(data), false) = (data.as_object_mut(), story.corrections.is_empty()) {
        let comments: Vec<Value> = story.corrections.iter().map(comment).collect();
        data.insert("correction".to_owned(), comments.into());
    }
}
