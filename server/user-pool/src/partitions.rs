//! The partitions of the pool, and how an export handles them.

use gazette_table::{Export, Partition};

const PREFIX: &str = "pool#";
/// Ends the partition of the users.
pub(crate) const USERS: &str = "#users";
/// Ends the partition of created clients.
pub(crate) const CLIENTS: &str = "#clients";
/// Ends the partition of the groups.
pub(crate) const GROUPS: &str = "#groups";
/// Ends the partition of the email addresses that users can sign in with.
pub(crate) const ALIASES: &str = "#aliases";
/// Ends the partition of codes that confirm an address.
pub(crate) const CONFIRMATIONS: &str = "#confirmations";
/// Ends the partition of the messages that a real pool would mail.
pub(crate) const OUTBOX: &str = "#outbox";
/// Ends the partition of resource servers.
pub(crate) const RESOURCE_SERVERS: &str = "#resource-servers";
/// Ends the partition of what an administrator has set for the whole pool.
pub(crate) const SETTINGS: &str = "#settings";
/// Ends the partition of authorization codes.
pub(crate) const CODES: &str = "#codes";
/// Ends the partition of token families.
pub(crate) const FAMILIES: &str = "#families";
/// Ends the partition of refresh tokens.
pub(crate) const REFRESH_TOKENS: &str = "#refresh";
/// Ends the partition of sign-ins that wait for a new password.
pub(crate) const CHALLENGES: &str = "#challenges";
/// Ends the partition of sign-ups that wait for their confirmation.
pub(crate) const SIGN_UPS: &str = "#sign-ups";
/// Ends the partition of the names of sample users.
pub(crate) const SAMPLES: &str = "#samples";
/// Ends the partition of the hosted UI's sessions.
pub(crate) const SESSIONS: &str = "#sessions";

/// The partitions that the pool writes. An export has users, groups, clients, resource servers and
/// settings.
pub const PARTITIONS: &[Partition] = &[
    Partition::prefixed(PREFIX, Export::Record).with_suffix(USERS),
    Partition::prefixed(PREFIX, Export::Record).with_suffix(GROUPS),
    Partition::prefixed(PREFIX, Export::Record).with_suffix(ALIASES),
    Partition::prefixed(PREFIX, Export::Record).with_suffix(CLIENTS),
    Partition::prefixed(PREFIX, Export::Record).with_suffix(RESOURCE_SERVERS),
    Partition::prefixed(PREFIX, Export::Record).with_suffix(SETTINGS),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix(CONFIRMATIONS),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix(OUTBOX),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix(CODES),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix(FAMILIES),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix(REFRESH_TOKENS),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix(CHALLENGES),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix(SIGN_UPS),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix(SAMPLES),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix(SESSIONS),
];

/// Returns a partition of a pool.
pub(crate) fn partition(pool_id: &str, end: &str) -> String {
    format!("{PREFIX}{pool_id}{end}")
}
