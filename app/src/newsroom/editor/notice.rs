//! One-time notices of the editor.

use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::messages::{day_and_time, zone_name};
use crate::frame::Frame;

/// Outcome of an action, shown after the redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EditorNotice {
    /// Readers can see the story.
    Published,
    /// Readers can see the changes.
    Updated,
    /// Readers will see the story at this time.
    Scheduled(Timestamp),
    /// Readers can no longer see the story.
    Unpublished,
    /// The story waits for an editor.
    HandedIn,
    /// The story went back to its author.
    SentBack,
    /// The story went back to its author without a note.
    SentBackWithoutNote,
    /// Saved, but the selected picture came without its content.
    PictureMissing,
    /// Readers and editor have the same text again.
    Discarded,
    /// An earlier version is in the form again.
    Restored,
}

impl EditorNotice {
    fn text(self, frame: &Frame) -> String {
        match self {
            Self::Published => "Published.".to_owned(),
            Self::Updated => "Updated.".to_owned(),
            Self::Scheduled(at) => {
                format!("Scheduled for {} ({}).", day_and_time(frame, at), zone_name(frame))
            }
            Self::Unpublished => {
                "Unpublished. The story is a draft again, and readers can\u{2019}t see it."
                    .to_owned()
            }
            Self::HandedIn => "Handed in. An editor will publish it or send it back.".to_owned(),
            Self::SentBack => "Sent back with your note.".to_owned(),
            Self::SentBackWithoutNote => "Sent back without a note.".to_owned(),
            Self::PictureMissing => {
                "Saved, but without the picture you selected. Select it again and choose \u{201c}Upload\u{201d}."
                    .to_owned()
            }
            Self::Discarded => {
                "Changes discarded. What you had typed is in the history.".to_owned()
            }
            Self::Restored => {
                "The earlier version is in the editor. Readers see it once you publish it."
                    .to_owned()
            }
        }
    }

    fn leads_to_page(self) -> bool {
        matches!(self, Self::Published | Self::Updated)
    }
}

/// Shows a notice, with a link to the story's page if readers can see it.
pub(super) fn notice_line(
    frame: &Frame,
    notice: EditorNotice,
    public_path: Option<&str>,
) -> impl IntoView + use<> {
    let text = notice.text(frame);
    let link = public_path.filter(|_| notice.leads_to_page()).map(|path| {
        let path = path.to_owned();
        view! { " " <a href=path>"View story"</a> }
    });
    view! { <p class="notice" role="status">{text} {link}</p> }
}
