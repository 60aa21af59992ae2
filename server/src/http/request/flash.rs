//! One-time notices after a redirect.

use gazette_app::pages::{AccountNotice, Notice};
use tower_sessions::Session;

use crate::auth::{self, Flash};
use crate::http::reply::AppError;

/// Leaves a notice for the next page. A failure costs the notice, not the change.
pub(in crate::http) async fn set_flash(session: Option<&Session>, flash: Flash) {
    let Some(session) = session else { return };
    if let Err(error) = auth::set_flash(session, flash).await {
        tracing::warn!(%error, "the notice for the next page was lost");
    }
}

/// Takes the notice for a page of the newsroom.
pub(in crate::http) async fn take_notice(
    session: Option<&Session>,
) -> Result<Option<Notice>, AppError> {
    take(session, |flash| match flash {
        Flash::Deleted(count) => Some(Notice::Deleted(count)),
        Flash::Restored(count) => Some(Notice::Restored(count)),
        Flash::Erased(count) => Some(Notice::Erased(count)),
        Flash::PermissionsRefreshed | Flash::SessionsEnded(_) => None,
    })
    .await
}

/// Takes the notice for a page of the account.
pub(in crate::http) async fn take_account_notice(
    session: Option<&Session>,
) -> Result<Option<AccountNotice>, AppError> {
    take(session, |flash| match flash {
        Flash::PermissionsRefreshed => Some(AccountNotice::Refreshed),
        Flash::SessionsEnded(count) => Some(AccountNotice::Ended(count)),
        Flash::Deleted(_) | Flash::Restored(_) | Flash::Erased(_) => None,
    })
    .await
}

async fn take<T>(
    session: Option<&Session>,
    show: impl FnOnce(Flash) -> Option<T>,
) -> Result<Option<T>, AppError> {
    match session {
        Some(session) => Ok(auth::take_flash(session, show).await?),
        None => Ok(None),
    }
}
