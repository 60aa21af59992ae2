//! The partitions of sessions, pending logins and saved forms, and how an export handles them.

use gazette_table::{Export, Partition};

/// Prefix of a session's partition.
pub(super) const SESSION: &str = "session#";
/// Prefix of the list of a user's sessions.
pub(super) const SESSIONS_OF_USER: &str = "sessions-of#";
/// Users who have sessions.
pub(super) const PEOPLE: &str = "people";
/// Prefix of a saved form.
pub(super) const SAVED_FORM: &str = "kept#";
/// Prefix of a login in progress.
pub(super) const LOGIN: &str = "login#";

/// The partitions that this module writes. An export has none of them: people sign in again.
pub(crate) const PARTITIONS: &[Partition] = &[
    Partition::prefixed(SESSION, Export::Transient),
    Partition::prefixed(SESSIONS_OF_USER, Export::Transient),
    Partition::named(PEOPLE, Export::Transient),
    Partition::prefixed(SAVED_FORM, Export::Transient),
    Partition::prefixed(LOGIN, Export::Transient),
];
