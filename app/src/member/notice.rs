//! One-time notices of the account and of the reading list.

use gazette_domain::Endpoint;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::TextLanguage;
use crate::frame::Frame;

/// The outcome of an account form, shown on the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountNotice {
    /// The user pool confirmed the groups.
    Refreshed,
    /// Number of sessions ended.
    Ended(usize),
}

/// Shows a notice.
pub(super) fn notice_line(notice: AccountNotice) -> impl IntoView {
    let text = match notice {
        AccountNotice::Refreshed => "Permissions updated.".to_owned(),
        AccountNotice::Ended(0) => "No active sessions to end.".to_owned(),
        AccountNotice::Ended(1) => "1 session ended.".to_owned(),
        AccountNotice::Ended(count) => format!("{count} sessions ended."),
    };
    view! { <p class="notice" role="status">{text}</p> }
}

/// The outcome of saving a story, shown on the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReadingListNotice {
    /// The story is on the list.
    Saved,
    /// The story is no longer on the list.
    Removed,
    /// The list has no room. Contains the number of its stories.
    Full(usize),
    /// The story is not public any more.
    Missing,
    /// The list cannot be changed right now.
    Failed,
}

/// Shows a notice of the reading list.
pub(crate) fn reading_list_notice(
    frame: &Frame,
    notice: ReadingListNotice,
) -> impl IntoView + use<> {
    let text = match notice {
        ReadingListNotice::Saved => "Saved for later.".to_owned(),
        ReadingListNotice::Removed => "Removed from your saved stories.".to_owned(),
        ReadingListNotice::Full(max) => {
            format!("Not saved: your list has {max} stories. Remove some of them first.")
        }
        ReadingListNotice::Missing => "Not saved: the story is no longer published.".to_owned(),
        ReadingListNotice::Failed => "Not saved. Please try again in a moment.".to_owned(),
    };
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    view! {
        <p class="notice" role="status" lang=lang dir=dir>
            {text} " " <a href=Endpoint::ReadingList.path()>"See your saved stories"</a>
        </p>
    }
}
