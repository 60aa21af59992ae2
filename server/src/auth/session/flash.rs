//! One-time notices that a page shows after a redirect.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tower_sessions::Session;
use tower_sessions::session::Error;

/// Notice of one group of pages. A notice waits for a page of its own group.
pub(crate) trait Flash: Serialize + DeserializeOwned {
    /// Key in the session.
    const KEY: &'static str;
}

/// Sets the notice for the next page.
pub(crate) async fn set_flash<F: Flash + Send + Sync>(
    session: &Session,
    flash: F,
) -> Result<(), Error> {
    // A program with a bearer token has no session and must not get one.
    if session.id().is_none() {
        return Ok(());
    }
    session.insert(F::KEY, flash).await
}

/// Removes the notice and returns it.
pub(crate) async fn take_flash<F: Flash>(session: &Session) -> Result<Option<F>, Error> {
    let Some(value) = session.get_value(F::KEY).await? else { return Ok(None) };
    session.remove_value(F::KEY).await?;
    // A notice that another version of the program wrote may not parse.
    Ok(serde_json::from_value(value).ok())
}
