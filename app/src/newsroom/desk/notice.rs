//! Outcomes of the acts on several stories.

use gazette_domain::{Endpoint, StoryId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::frame::Frame;

/// The outcome of a form of the list, shown on the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListNotice {
    /// Stories that were moved to the trash.
    Trashed(Vec<StoryId>),
    /// Number of stories that came back from the trash.
    Restored(usize),
    /// Stories were published or unpublished.
    Bulk(BulkOutcome),
    /// The form was submitted without a selected story.
    NothingSelected,
}

/// An act on several stories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkAction {
    /// Readers can see the stories.
    Publish,
    /// The stories are drafts again.
    Unpublish,
}

impl BulkAction {
    /// Returns the value of the field `action`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Unpublish => "unpublish",
        }
    }
}

/// Outcome of an act on several stories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkOutcome {
    /// The act.
    pub action: BulkAction,
    /// Number of stories that it changed.
    pub done: usize,
    /// Number of stories that needed no change.
    pub unchanged: usize,
    /// Stories that it could not change.
    pub refused: Vec<RefusedStory>,
    /// Number of stories beyond those in `refused`.
    pub more_refused: usize,
}

/// A story that could not be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedStory {
    /// Story.
    pub id: StoryId,
    /// Its headline.
    pub headline: String,
    /// Reason, as a sentence.
    pub reason: String,
}

/// Shows a notice.
pub(super) fn list_notice_line(frame: &Frame, notice: ListNotice) -> AnyView {
    match notice {
        ListNotice::Trashed(ids) => trashed(frame, &ids).into_any(),
        ListNotice::Restored(count) => line(format!("{} restored.", stories(count))),
        ListNotice::Bulk(outcome) => bulk(outcome).into_any(),
        ListNotice::NothingSelected => line("Select at least one story.".to_owned()),
    }
}

fn line(text: String) -> AnyView {
    view! { <p class="notice" role="status">{text}</p> }.into_any()
}

/// Offers to restore exactly these stories.
fn trashed(frame: &Frame, ids: &[StoryId]) -> impl IntoView + use<> {
    let text = format!("Moved {} to Trash.", stories(ids.len()));
    let may_restore = frame.viewer.as_ref().is_some_and(|viewer| viewer.may_delete);
    let fields = ids
        .iter()
        .map(|id| view! { <input r#type="hidden" name="id" value=id.to_string() /> })
        .collect_view();
    let undo = (may_restore && !ids.is_empty()).then(|| {
        view! {
            <form method="post" action=Endpoint::UndoTrash.path()>
                {fields} <button class="btn quiet small">"Undo"</button>
            </form>
        }
    });
    view! { <div class="notice with-act"><p role="status">{text}</p> {undo}</div> }
}

fn bulk(outcome: BulkOutcome) -> impl IntoView {
    let BulkOutcome { action, done, unchanged, refused, more_refused } = outcome;
    let (verb, state) = match action {
        BulkAction::Publish => ("published", "published"),
        BulkAction::Unpublish => ("unpublished", "not published"),
    };
    let mut text = format!("{} {verb}.", stories(done));
    if unchanged > 0 {
        let were = if unchanged == 1 { "was" } else { "were" };
        text += &[" ", &stories(unchanged), " ", were, " already ", state, "."].concat();
    }
    let count = refused.len() + more_refused;
    let refused = (count > 0).then(|| {
        let heading = format!("{} could not be {verb}:", stories(count));
        let items = refused.into_iter().map(refused_story).collect_view();
        let more = (more_refused > 0).then(|| {
            view! { <li>{format!("and {} more.", stories(more_refused))}</li> }
        });
        view! { <p>{heading}</p> <ul>{items} {more}</ul> }
    });
    view! { <div class="notice" role="status"><p>{text}</p> {refused}</div> }
}

fn refused_story(story: RefusedStory) -> impl IntoView {
    let RefusedStory { id, headline, reason } = story;
    let href = Endpoint::EditStory.path_with(id);
    view! { <li><a href=href dir="auto">{headline}</a> ": " {reason}</li> }
}

fn stories(count: usize) -> String {
    match count {
        1 => "1 story".to_owned(),
        count => format!("{count} stories"),
    }
}
