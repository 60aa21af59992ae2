//! How sessions lie in the table.
//!
//! | key | what |
//! |---|---|
//! | `session#<hash>` / `current` | the session, under the hash of its id |
//! | `session#<hash>` / `tokens` | the sealed refresh token, with its own version |
//! | `session#<hash>` / `moved` | where the session went when its id changed, so that who signs out by the old one ends it |
//! | `session#<hash>` / `owner` | whose session it was, for as long as its cookie may come along |
//! | `sessions-of#<sub>` / `<hash>` | that this person has this session |
//! | `people` / `<sub>` | who has signed in lately |

use std::collections::HashMap;

use gazette_table::{Item, Key, TableError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions::session::Id;

use crate::auth::secret;
use crate::auth::session::SignedIn;

/// The partition of those who have signed in lately.
pub(super) const PEOPLE: &str = "people";

/// The name of a session in the table: who knows it cannot use the session (SES-01).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionName(String);

/// What lies under `current`.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) data: HashMap<String, Value>,
}

/// What lies under `tokens`.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Tokens {
    /// The refresh token, encrypted for this session alone.
    pub(super) sealed: String,
    /// Until when one process is asking the pool for fresh tokens; 0 when none is.
    pub(super) leased_until: i64,
}

/// What lies under `owner`. It outlives the session and opens nothing.
#[derive(Serialize, Deserialize)]
pub(super) struct Owner {
    pub(super) sub: String,
}

/// What lies under `people`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Person {
    /// The name they sign in with.
    pub(crate) username: String,
}

impl SessionName {
    /// The name of the session with this id.
    pub(super) fn of(id: &Id) -> Self {
        Self(secret::hash(&id.0.to_be_bytes()))
    }

    /// One that came back from a form.
    pub(crate) fn received(text: &str) -> Option<Self> {
        let shaped = text.len() == 43
            && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_');
        shaped.then(|| Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn current(&self) -> Key {
        Key::new(format!("session#{}", self.0), "current")
    }

    pub(super) fn tokens(&self) -> Key {
        Key::new(format!("session#{}", self.0), "tokens")
    }

    pub(super) fn moved(&self) -> Key {
        Key::new(format!("session#{}", self.0), "moved")
    }

    pub(super) fn owner(&self) -> Key {
        Key::new(format!("session#{}", self.0), "owner")
    }

    /// Where it says that this person has this session.
    pub(super) fn pointer(&self, sub: &str) -> Key {
        Key::new(sessions_of(sub), &self.0)
    }
}

/// The partition that lists the sessions of a person.
pub(super) fn sessions_of(sub: &str) -> String {
    format!("sessions-of#{sub}")
}

impl Stored {
    /// Reads an item; `None` for one of another version of this program, whose owner has to
    /// sign in again.
    pub(super) fn read(item: &Item) -> Option<Self> {
        item.parse().ok()
    }

    /// Who is signed in by it.
    pub(super) fn signed_in(&self) -> Option<SignedIn> {
        SignedIn::read(&self.data)
    }

    /// The item to store it as, until `expires_at`.
    pub(super) fn item(
        &self,
        name: &SessionName,
        version: u64,
        expires_at: i64,
    ) -> Result<Item, TableError> {
        Ok(Item::new(name.current(), self)?.version(version).expires_at(expires_at))
    }
}
