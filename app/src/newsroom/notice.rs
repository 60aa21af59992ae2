//! One-time notices of the newsroom.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::newsroom::number::stories;

/// The outcome of a newsroom form, shown on the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// Number of stories restored from the trash.
    Restored(usize),
    /// Many stories are being restored.
    Restoring,
    /// Number of stories deleted permanently.
    Erased(usize),
    /// Number of stories whose label was renamed.
    LabelRenamed(usize),
    /// A correction was published.
    Corrected,
    /// A redirect was added.
    RedirectAdded,
    /// The same redirect was there already.
    RedirectUnchanged,
    /// A redirect was removed.
    RedirectRemoved,
    /// The redirect to remove was not there.
    RedirectMissing,
    /// A picture was uploaded.
    ImageAdded,
    /// Number of pictures deleted.
    ImagesDeleted(usize),
    /// Result of undoing an import.
    Undone {
        /// Number of stories moved to the trash.
        removed: usize,
        /// Number of stories that have their earlier text again.
        reverted: usize,
        /// Number of stories that were changed since, and stay.
        kept: usize,
    },
    /// The form was submitted without a selected story.
    NothingSelected,
}

/// Shows a notice.
pub(super) fn notice_line(notice: Notice) -> impl IntoView {
    let text = match notice {
        Notice::Restored(count) => format!("{} restored.", stories(count)),
        Notice::Erased(count) => format!("Permanently deleted {}.", stories(count)),
        Notice::LabelRenamed(count) => format!("Label renamed in {}.", stories(count)),
        Notice::Corrected => "Correction published.".to_owned(),
        Notice::RedirectAdded => "Redirect added.".to_owned(),
        Notice::RedirectUnchanged => "This redirect is already there.".to_owned(),
        Notice::RedirectRemoved => "Redirect removed.".to_owned(),
        Notice::RedirectMissing => "There is no such redirect any more.".to_owned(),
        Notice::ImageAdded => "Picture uploaded.".to_owned(),
        Notice::ImagesDeleted(0) => "No picture was deleted. Select unused ones.".to_owned(),
        Notice::ImagesDeleted(1) => "Deleted 1 picture.".to_owned(),
        Notice::ImagesDeleted(count) => format!("Deleted {count} pictures."),
        Notice::Undone { removed, reverted, kept } => {
            let removed = format!("{} moved to Trash", stories(removed));
            let reverted =
                (reverted > 0).then(|| format!("{} back to the earlier text", stories(reverted)));
            let kept =
                (kept > 0).then(|| format!("{} kept because of later changes", stories(kept)));
            let parts: Vec<String> =
                [Some(removed), reverted, kept].into_iter().flatten().collect();
            format!("Import undone. {}.", parts.join(", "))
        }
        Notice::Restoring => {
            "Restoring the stories. This takes a few minutes; reload the page to see what is left."
                .to_owned()
        }
        Notice::NothingSelected => "Select at least one story.".to_owned(),
    };
    view! { <p class="notice" role="status">{text}</p> }
}
