//! The audit log: who did what, written in the same batch as what was done.

use gazette_table::{Item, Key, TableError, Write};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::article::ArticleId;
use crate::caller::Caller;

/// Something that was done to a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Deed {
    Published,
    Updated,
    Trashed,
    Restored,
}

#[derive(Serialize)]
struct Entry<'a> {
    at: Timestamp,
    by_sub: Option<&'a str>,
    by_name: &'a str,
    deed: Deed,
    article: ArticleId,
    version_before: Option<u64>,
    version_after: u64,
}

/// Makes the write that records the deed; it belongs into the batch of the deed itself.
pub(crate) fn record(
    caller: &Caller,
    at: Timestamp,
    entry_id: Uuid,
    deed: Deed,
    article: ArticleId,
    version_after: u64,
) -> Result<Write, TableError> {
    let entry = Entry {
        at,
        by_sub: caller.identity().map(|identity| identity.claims().sub.as_str()),
        by_name: name(caller),
        deed,
        article,
        version_before: version_after.checked_sub(1).filter(|version| *version > 0),
        version_after,
    };
    let day = at.strftime("audit#%Y-%m-%d").to_string();
    let place = format!("{}#{entry_id}", at.strftime("%H:%M:%S.%6f"));
    Ok(Write::create(Item::new(Key::new(day, place), &entry)?))
}

/// What a caller is called where people read who did something.
pub(crate) fn name(caller: &Caller) -> &str {
    match caller {
        Caller::Anonymous => "anonymous",
        Caller::SignedIn(identity) => &identity.claims().username,
        Caller::Operator => "operator",
    }
}
