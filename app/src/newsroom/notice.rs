//! One-time notices of the newsroom.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The outcome of a newsroom form, shown on the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// Number of stories moved to the trash.
    Deleted(usize),
    /// Number of stories restored from the trash.
    Restored(usize),
    /// Number of stories deleted permanently.
    Erased(usize),
    /// A picture was uploaded.
    ImageAdded,
    /// Number of pictures deleted.
    ImagesDeleted(usize),
    /// The form was submitted without a selected story.
    NothingSelected,
    /// The confirmation word for emptying the trash was wrong.
    WrongWord,
}

/// Shows a notice.
pub(super) fn notice_line(notice: Notice) -> impl IntoView {
    let text = match notice {
        Notice::Deleted(count) => format!("{} moved to Trash.", stories(count)),
        Notice::Restored(count) => format!("{} restored.", stories(count)),
        Notice::Erased(count) => format!("Permanently deleted {}.", stories(count)),
        Notice::ImageAdded => "Picture uploaded.".to_owned(),
        Notice::ImagesDeleted(0) => "No picture was deleted. Select unused ones.".to_owned(),
        Notice::ImagesDeleted(1) => "Deleted 1 picture.".to_owned(),
        Notice::ImagesDeleted(count) => format!("Deleted {count} pictures."),
        Notice::NothingSelected => "Select at least one story.".to_owned(),
        Notice::WrongWord => {
            "That doesn't match. Type \u{201c}erase\u{201d} to confirm.".to_owned()
        }
    };
    view! { <p class="notice" role="status">{text}</p> }
}

fn stories(count: usize) -> String {
    match count {
        1 => "1 story".to_owned(),
        count => format!("{count} stories"),
    }
}
