//! The rows of the list, and the form that acts on those that are selected.

use gazette_domain::{Endpoint, Image, ImageName, StoryRow, StoryState, Teaser};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::{TextLanguage, day_and_time, time};
use crate::frame::Frame;
use crate::islands::SelectionBar;
use crate::markup::{IntoMarkup as _, Markup};
use crate::newsroom::desk::notice::BulkAction;
use crate::newsroom::desk::{Stories, list_href};
use crate::newsroom::story_table::select_cell;

/// Width of the picture that a row loads.
const THUMBNAIL_WIDTH: u32 = 320;

/// Acts that the viewer may do on several stories.
#[derive(Clone, Copy)]
struct Acts {
    publish: bool,
    trash: bool,
}

/// Shows the rows. Without an act that the viewer may do, there is nothing to select.
pub(super) fn bulk_form(frame: &Frame, shown: &Stories) -> Markup {
    let viewer = frame.viewer.as_ref();
    let acts = Acts {
        publish: viewer.is_some_and(|viewer| viewer.may_publish),
        trash: viewer.is_some_and(|viewer| viewer.may_delete),
    };
    let is_selectable = acts.publish || acts.trash;
    let table = table(frame, shown, is_selectable);
    if !is_selectable {
        return table.into_markup();
    }
    view! {
        <form method="post" action=Endpoint::BulkStories.path()>
            <input r#type="hidden" name="list" value=list_href(&shown.query) />
            {bulk_bar(acts)}
            {table}
        </form>
    }
    .into_markup()
}

fn bulk_bar(acts: Acts) -> impl IntoView {
    let act = |action: BulkAction, name: &'static str| {
        let value = action.as_str();
        view! { <button class="btn quiet small" name="action" value=value>{name}</button> }
    };
    let publish = acts.publish.then(|| {
        view! { {act(BulkAction::Publish, "Publish")} {act(BulkAction::Unpublish, "Unpublish")} }
    });
    let trash = acts.trash.then(|| {
        view! {
            <button class="btn danger small" formaction=Endpoint::TrashStories.path()>
                "Move to trash"
            </button>
        }
    });
    view! {
        <div class="bulk" role="group" aria-label="Selected stories">
            <SelectionBar />
            {publish}
            {trash}
        </div>
    }
}

fn table(frame: &Frame, shown: &Stories, is_selectable: bool) -> impl IntoView + use<> {
    let rows = shown.list.rows.iter().map(|story| row(frame, story, is_selectable)).collect_view();
    let select = is_selectable.then(|| {
        view! { <th scope="col" class="select"><span class="visually-hidden">"Select"</span></th> }
    });
    view! {
        <table class="story-list">
            <thead>
                <tr>
                    {select}
                    <th scope="col">"Headline"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Updated"</th>
                    <th scope="col"><span class="visually-hidden">"View"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(frame: &Frame, story: &StoryRow, is_selectable: bool) -> impl IntoView + use<> {
    let teaser = &story.teaser;
    let (name, label) = match story.state {
        StoryState::Published => ("View", format!("View \u{201c}{}\u{201d}", teaser.headline)),
        _ => ("Preview", format!("Preview \u{201c}{}\u{201d}", teaser.headline)),
    };
    view! {
        <tr>
            {is_selectable.then(|| select_cell(teaser))}
            <th scope="row" class="headline">
                <div>{thumbnail(teaser.image.as_ref())} {heading(story)}</div>
            </th>
            <td class="status">{status(frame, story)}</td>
            <td class="updated">{time(frame, story.changed_at)}</td>
            <td class="view"><a href=teaser.path() aria-label=label>{name}</a></td>
        </tr>
    }
}

fn heading(story: &StoryRow) -> impl IntoView + use<> {
    let teaser = &story.teaser;
    let TextLanguage { lang, dir } = TextLanguage::of_story(teaser);
    let href =
        if story.may_edit { Endpoint::EditStory.path_with(teaser.id) } else { teaser.path() };
    let authors = author_names(teaser);
    view! {
        <span>
            <a href=href lang=lang dir=dir>{teaser.headline.clone()}</a>
            <small><bdi>{teaser.section.name.clone()}</bdi> " \u{b7} " <bdi>{authors}</bdi></small>
        </span>
    }
}

/// Shows a small picture, or an empty box, so that the headlines are in one line.
fn thumbnail(image: Option<&Image>) -> Markup {
    let Some(image) = image else {
        return view! { <span class="no-picture"></span> }.into_markup();
    };
    let name = ImageName::of_path(&image.url);
    let src = name.map_or_else(|| image.url.clone(), |name| name.at_least(THUMBNAIL_WIDTH).path());
    // The headline next to it names the story.
    view! { <img src=src width="112" height="76" alt="" loading="lazy" decoding="async" /> }
        .into_markup()
}

fn status(frame: &Frame, story: &StoryRow) -> impl IntoView + use<> {
    let pill = |class: &'static str, text: &'static str| {
        let class = format!("pill {class}");
        view! { <span class=class>{text}</span> }
    };
    let note = |text: &'static str, at: Timestamp| {
        view! { <small>{text} {day_and_time(frame, at)}</small> }
    };
    let (class, text) = match story.state {
        StoryState::Published => ("published", "Published"),
        StoryState::Scheduled(_) => ("scheduled", "Scheduled"),
        StoryState::Review => ("review", "In review"),
        StoryState::Draft => ("draft", "Draft"),
        StoryState::Withdrawn | StoryState::Ended(_) => ("draft", "Unpublished"),
    };
    let changes = story.has_changes.then(|| pill("changed", "Unpublished changes"));
    let when = match (story.state, story.unpublish_at) {
        (StoryState::Scheduled(at), _) => Some(note("", at)),
        (StoryState::Ended(at), _) => Some(note("since ", at)),
        (StoryState::Published, Some(at)) => Some(note("until ", at)),
        _ => None,
    };
    let sent_back = story.is_sent_back.then(|| pill("review", "Sent back"));
    let pin = story.pin_until.map(|at| note("Pinned until ", at));
    view! { {pill(class, text)} {sent_back} {changes} {when} {pin} }
}

fn author_names(story: &Teaser) -> String {
    let names: Vec<_> = story.authors.iter().map(|author| author.name.as_str()).collect();
    names.join(", ")
}
