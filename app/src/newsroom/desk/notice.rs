//! Outcomes of the acts on several stories.

use gazette_domain::{Endpoint, StoryId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};

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

    fn opposite(self) -> Self {
        match self {
            Self::Publish => Self::Unpublish,
            Self::Unpublish => Self::Publish,
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
    /// Changed stories that the opposite act makes as they were before.
    pub undo: Vec<UndoStory>,
}

impl BulkOutcome {
    /// Returns the outcome of an act on no story yet.
    pub fn new(action: BulkAction) -> Self {
        let (refused, undo) = (Vec::new(), Vec::new());
        Self { action, done: 0, unchanged: 0, refused, more_refused: 0, undo }
    }
}

/// A changed story that can be as it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoStory {
    /// Story.
    pub id: StoryId,
    /// Version that the act made: a later one is not undone.
    pub version: u64,
    /// The story was in review.
    pub was_in_review: bool,
}

impl UndoStory {
    /// Returns the value of its field in the form.
    fn field(&self) -> String {
        let Self { id, version, was_in_review } = self;
        let stage = if *was_in_review { REVIEW } else { DRAFT };
        format!("{id} {version} {stage}")
    }

    /// Reads the value of a field; `None` if it is not that of a story.
    pub fn read(field: &str) -> Option<Self> {
        let mut parts = field.split(' ');
        let (id, version, stage) = (parts.next()?, parts.next()?, parts.next()?);
        let was_in_review = match stage {
            REVIEW => true,
            DRAFT => false,
            _ => return None,
        };
        let is_whole = parts.next().is_none();
        let (id, version) = (id.parse().ok()?, version.parse().ok()?);
        is_whole.then_some(Self { id, version, was_in_review })
    }
}

const REVIEW: &str = "review";
const DRAFT: &str = "draft";

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
pub(super) fn list_notice_line(frame: &Frame, notice: ListNotice) -> Markup {
    match notice {
        ListNotice::Trashed(ids) => trashed(frame, &ids).into_markup(),
        ListNotice::Restored(count) => line(format!("{} restored.", stories(count))),
        ListNotice::Bulk(outcome) => bulk(frame, outcome).into_markup(),
        ListNotice::NothingSelected => line("Select at least one story.".to_owned()),
    }
}

fn line(text: String) -> Markup {
    view! { <p class="notice" role="status">{text}</p> }.into_markup()
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

fn bulk(frame: &Frame, outcome: BulkOutcome) -> impl IntoView + use<> {
    let may_publish = frame.viewer.as_ref().is_some_and(|viewer| viewer.may_publish);
    let BulkOutcome { action, done, unchanged, refused, more_refused, undo } = outcome;
    let (verb, state) = match action {
        BulkAction::Publish => ("published", "published"),
        BulkAction::Unpublish => ("unpublished", "not published"),
    };
    let mut text = format!("{} {verb}.", stories(done));
    if unchanged > 0 {
        let were = if unchanged == 1 { "was" } else { "were" };
        text += &[" ", &stories(unchanged), " ", were, " already ", state, "."].concat();
    }
    let lasting = done.saturating_sub(undo.len());
    if lasting > 0 && !undo.is_empty() {
        let had = ["Undo leaves ", &stories(lasting), " with other changes as they are."].concat();
        text.extend([" ", &had]);
    }
    let undo = (may_publish && !undo.is_empty()).then(|| undo_form(action.opposite(), &undo));
    let count = refused.len() + more_refused;
    let refused = (count > 0).then(|| {
        let heading = format!("{} could not be {verb}:", stories(count));
        let items = refused.into_iter().map(refused_story).collect_view();
        let more = (more_refused > 0).then(|| {
            view! { <li>{format!("and {} more.", stories(more_refused))}</li> }
        });
        view! { <p>{heading}</p> <ul>{items} {more}</ul> }
    });
    view! {
        <div class="notice with-act"><div role="status"><p>{text}</p> {refused}</div> {undo}</div>
    }
}

/// Offers the opposite act on exactly these stories.
fn undo_form(action: BulkAction, stories: &[UndoStory]) -> impl IntoView + use<> {
    let fields = stories
        .iter()
        .map(|story| {
            view! {
                <input r#type="hidden" name="id" value=story.id.to_string() />
                <input r#type="hidden" name="undo" value=story.field() />
            }
        })
        .collect_view();
    view! {
        <form method="post" action=Endpoint::BulkStories.path()>
            <input r#type="hidden" name="action" value=action.as_str() />
            {fields} <button class="btn quiet small">"Undo"</button>
        </form>
    }
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
