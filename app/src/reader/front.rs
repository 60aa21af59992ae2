//! The front page: the top stories, then bands chosen by what there is.

mod bands;
mod plan;

use gazette_domain::{Endpoint, FrontStories};
use leptos::prelude::*;

use crate::components::TextLanguage;
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::page::{FeedLinks, Page};

/// Shows the pinned stories, then the newest ones, each once.
pub fn front(frame: &Frame, stories: &FrontStories) -> Page {
    let plan::Plan { top, bands } = plan::plan(stories);
    let is_empty = top.is_none();
    let top = top.map(|top| bands::top(frame, &top));
    let bands = bands
        .iter()
        .enumerate()
        .map(|(number, band)| bands::band(frame, band, number))
        .collect_view();
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let empty = is_empty.then(|| {
        view! { <p class="empty" lang=lang.clone() dir=dir>"No stories yet." {first_acts(frame)}</p> }
    });
    let title = frame.site.title.clone();
    let content = view! {
        <h1 class="visually-hidden" lang=lang>{title.clone()}": latest news"</h1>
        {empty}
        {top}
        {bands}
    };
    let description = format!("The latest news from {title}.");
    Page {
        description: Some(description),
        feeds: Some(FeedLinks::site()),
        ..Page::public(title, Endpoint::FrontPage.path(), content.into_markup())
    }
}

/// Shows a person who may write how to begin.
fn first_acts(frame: &Frame) -> impl IntoView + use<> {
    let viewer = frame.viewer.as_ref().filter(|viewer| viewer.may_open_desk);
    viewer.map(|viewer| {
        let imports = viewer.may_delete.then(|| {
            view! { " \u{b7} " <a href=Endpoint::Imports.path()>"Import"</a> }
        });
        view! { " " <a href=Endpoint::NewStory.path()>"Write the first one"</a> {imports} }
    })
}
