//! One-time notices of the account and people pages.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

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
