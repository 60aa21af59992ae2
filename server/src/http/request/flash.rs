//! One-time notices after a redirect.

use gazette_app::pages::{
    AccountNotice, EditorNotice, ListNotice, Notice, PeopleNotice, ReadingListNotice,
};
use tower_sessions::Session;

use crate::auth::{self, Flash};
use crate::http::reply::AppError;

impl Flash for Notice {
    const KEY: &'static str = "flash_newsroom";
}

impl Flash for ListNotice {
    const KEY: &'static str = "flash_list";
}

impl Flash for EditorNotice {
    const KEY: &'static str = "flash_editor";
}

impl Flash for AccountNotice {
    const KEY: &'static str = "flash_account";
}

impl Flash for ReadingListNotice {
    const KEY: &'static str = "flash_reading_list";
}

impl Flash for PeopleNotice {
    const KEY: &'static str = "flash_people";
}

/// Leaves a notice for the next page. A failure costs the notice, not the change.
pub(in crate::http) async fn set_flash<F: Flash + Send + Sync>(
    session: Option<&Session>,
    flash: F,
) {
    let Some(session) = session else { return };
    if let Err(error) = auth::set_flash(session, flash).await {
        tracing::warn!(%error, "the notice for the next page was lost");
    }
}

/// Takes the notice that the request before this one left.
pub(in crate::http) async fn take_flash<F: Flash>(
    session: Option<&Session>,
) -> Result<Option<F>, AppError> {
    match session {
        Some(session) => Ok(auth::take_flash(session).await?),
        None => Ok(None),
    }
}
