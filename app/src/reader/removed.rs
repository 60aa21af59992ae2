//! The page in place of a removed story.

use gazette_domain::{Endpoint, Removal, Removed, StoryId, Teaser};
use leptos::prelude::*;

use crate::components::{date, kept_copies};
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};
use crate::page::Page;
use crate::reader::suggestions::suggestions;

/// Title of the page.
pub(super) const TITLE: &str = "This story was removed";
/// Explanation without a time.
pub(super) const TEXT: &str = "The newsroom has taken it down.";

/// Says when and why the story was removed, and offers to restore it to those who may.
pub(super) fn removed(frame: &Frame, story: &Removed, latest: &[Teaser]) -> Page {
    let text = match &story.removal {
        Some(removal) => when_and_why(frame, removal),
        None => view! { <p>{TEXT}</p> }.into_markup(),
    };
    let is_of_desk = frame.path.starts_with(Endpoint::Desk.path());
    let content = view! {
        <div class="panel error-page">
            <h1>{TITLE}</h1>
            {text}
            <p class="actions">
                <a class="btn quiet" href=Endpoint::ListNews.path()>"Latest news"</a>
            </p>
            {story.restorable.map(restore_form)}
            {is_of_desk.then(|| kept_copies(frame))}
            {suggestions(frame, latest)}
        </div>
    };
    Page::private(TITLE, content.into_markup())
}

fn when_and_why(frame: &Frame, removal: &Removal) -> Markup {
    let language = frame.site.language.to_string();
    let reason = removal.reason.clone().map(|reason| {
        view! { <p class="removal-reason" lang=language dir="auto">{reason}</p> }
    });
    view! {
        <p>"The newsroom took it down on " {date(frame, removal.at)} "."</p>
        {reason}
    }
    .into_markup()
}

fn restore_form(story: StoryId) -> impl IntoView {
    view! {
        <form class="restore-here" method="post" action=Endpoint::RestoreStories.path()>
            <input type="hidden" name="id" value=story.to_string() />
            <input type="hidden" name="then" value="story" />
            <p class="meta">"It is in Trash. Only people who may restore it see this."</p>
            <button class="btn quiet">"Restore this story"</button>
        </form>
    }
}
