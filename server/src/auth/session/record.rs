//! Layout of session records in the table.
//!
//! | partition | sort key | content |
//! |---|---|---|
//! | `session#<hash>` | `current` | [`StoredSession`] |
//! | `session#<hash>` | `tokens` | [`TokenRecord`], with a version of its own |
//! | `session#<hash>` | `moved` | hash of the new id after the id changed, so that a sign-out by the old id still ends the session |
//! | `session#<hash>` | `owner` | [`Owner`], kept while a browser may still send the cookie |
//! | `sessions-of#<sub>` | `<hash>` | nothing; lists the sessions of a user |
//! | `people` | `<sub>` | [`Person`], a user who signed in recently |

use std::collections::HashMap;

use gazette_table::{Item, Key, TableError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::auth::partitions::{SESSION, SESSIONS_OF_USER};
use crate::auth::session::hash::SessionHash;
use crate::auth::session::signed_in::SignedIn;

/// Data of a session.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredSession {
    pub(super) data: HashMap<String, Value>,
}

/// Refresh token of a session.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct TokenRecord {
    /// Refresh token, encrypted for this session only.
    pub(super) sealed: String,
    /// End of the lease of the process that is renewing the session; 0 without a lease.
    pub(super) leased_until: i64,
}

/// User that a session belongs or belonged to.
#[derive(Serialize, Deserialize)]
pub(super) struct Owner {
    pub(super) sub: String,
}

/// User who signed in recently.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) username: String,
    /// Time of the latest request that is known of, if all sessions have ended. Older stored items
    /// lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seen_at: Option<i64>,
}

impl StoredSession {
    /// Parses an item; `None` if another version of the program wrote it, which signs its user
    /// out.
    pub(super) fn parse(item: &Item) -> Option<Self> {
        item.parse().ok()
    }

    pub(super) fn signed_in(&self) -> Option<SignedIn> {
        SignedIn::read(&self.data)
    }

    pub(super) fn item(
        &self,
        session: &SessionHash,
        version: u64,
        expires_at: i64,
    ) -> Result<Item, TableError> {
        Ok(Item::new(current_key(session), self)?.version(version).expires_at(expires_at))
    }
}

pub(super) fn current_key(session: &SessionHash) -> Key {
    session_key(session, "current")
}

pub(super) fn tokens_key(session: &SessionHash) -> Key {
    session_key(session, "tokens")
}

pub(super) fn moved_key(session: &SessionHash) -> Key {
    session_key(session, "moved")
}

pub(super) fn owner_key(session: &SessionHash) -> Key {
    session_key(session, "owner")
}

/// Returns the key that lists a session under its user.
pub(super) fn list_key(sub: &str, session: &SessionHash) -> Key {
    Key::new(list_partition(sub), session.as_str())
}

/// Returns the partition that lists the sessions of a user.
pub(super) fn list_partition(sub: &str) -> String {
    format!("{SESSIONS_OF_USER}{sub}")
}

fn session_key(session: &SessionHash, sort: &str) -> Key {
    Key::new(format!("{SESSION}{}", session.as_str()), sort)
}
