//! One-time notices that a page shows after a redirect.

use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use tower_sessions::session::Error;

const KEY: &str = "flash";

/// One-time notice for the page after a redirect.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Flash {
    /// Number of stories moved to the trash.
    Deleted(usize),
    /// Number of stories restored from the trash.
    Restored(usize),
    /// Number of stories permanently deleted.
    Erased(usize),
    /// The permissions were renewed at the pool.
    PermissionsRefreshed,
    /// Number of sessions ended.
    SessionsEnded(usize),
}

/// Sets the notice for the next page.
pub(crate) async fn set_flash(session: &Session, flash: Flash) -> Result<(), Error> {
    // A program with a bearer token has no session and must not get one.
    if session.id().is_none() {
        return Ok(());
    }
    session.insert(KEY, flash).await
}

/// Removes the notice and returns it as `show` converts it. A notice that `show` declines remains
/// for another page.
pub(crate) async fn take_flash<T>(
    session: &Session,
    show: impl FnOnce(Flash) -> Option<T>,
) -> Result<Option<T>, Error> {
    let value = session.get_value(KEY).await?;
    let Some(notice) = value.and_then(|value| serde_json::from_value(value).ok()).and_then(show)
    else {
        return Ok(None);
    };
    session.remove_value(KEY).await?;
    Ok(Some(notice))
}
