//! Counts sessions that expired.

use gazette_table::{Condition, TableError, Write};

use crate::auth::session::end_reason::EndReason;
use crate::auth::session::hash::SessionHash;
use crate::auth::session::record::{current_key, list_key};
use crate::auth::session::sessions::Sessions;

impl Sessions {
    /// Counts a session that was not used for too long or is too old, at the first request that
    /// still sends its cookie. Its entry in the list of its user tells it from one that was ended.
    pub(super) async fn count_if_expired(&self, session: &SessionHash) {
        match self.forget_listed(session).await {
            Ok(true) => self.backend.count_end(EndReason::Expired),
            Ok(false) => {}
            // A number in the metrics is no reason to fail a request.
            Err(error) => tracing::debug!(%error, "an expired session was not counted"),
        }
    }

    /// Deletes the entry of a session that is gone; `false` if there is none, or another request
    /// was faster.
    async fn forget_listed(&self, session: &SessionHash) -> Result<bool, TableError> {
        let table = self.backend.table.as_ref();
        let Some(sub) = self.backend.owner_of(session).await? else { return Ok(false) };
        let Some(listed) = table.get(&list_key(&sub, session)).await? else { return Ok(false) };
        // Another version of the program may be able to read it.
        if table.get(&current_key(session)).await?.is_some() {
            return Ok(false);
        }
        let condition = Condition::Version(listed.version);
        match table.write(vec![Write::Delete { key: listed.key, condition }]).await {
            Ok(()) => Ok(true),
            Err(TableError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
