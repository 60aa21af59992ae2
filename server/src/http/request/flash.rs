//! One-time notices after a redirect.

use gazette_app::pages::{AccountNotice, Notice};
use tower_sessions::Session;

use crate::auth::{self, AccountFlash, DeskFlash};
use crate::http::reply::AppError;

/// Leaves a notice for the next page of the newsroom.
pub(in crate::http) async fn set_flash(session: Option<&Session>, flash: DeskFlash) {
    if let Some(session) = session {
        report(auth::set_flash(session, flash).await);
    }
}

/// Takes the newsroom's notice that the request before this one left.
pub(in crate::http) async fn take_notice(
    session: Option<&Session>,
) -> Result<Option<Notice>, AppError> {
    let Some(session) = session else { return Ok(None) };
    Ok(auth::take_flash(session).await?.map(|flash| match flash {
        DeskFlash::Deleted(count) => Notice::Deleted(count),
        DeskFlash::Restored(count) => Notice::Restored(count),
        DeskFlash::Erased(count) => Notice::Erased(count),
    }))
}

/// Leaves a notice for the next page of the account.
pub(in crate::http) async fn set_account_flash(session: Option<&Session>, flash: AccountFlash) {
    if let Some(session) = session {
        report(auth::set_flash(session, flash).await);
    }
}

/// Takes the account's notice that the request before this one left.
pub(in crate::http) async fn take_account_notice(
    session: Option<&Session>,
) -> Result<Option<AccountNotice>, AppError> {
    let Some(session) = session else { return Ok(None) };
    Ok(auth::take_flash(session).await?.map(|flash| match flash {
        AccountFlash::Refreshed => AccountNotice::Refreshed,
        AccountFlash::Ended(count) => AccountNotice::Ended(count),
    }))
}

/// A lost notice costs the notice, not the change.
fn report(outcome: Result<(), tower_sessions::session::Error>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "the notice for the next page was lost");
    }
}
