//! The partitions of sessions, pending logins and saved forms, and how an export handles them.

use gazette_table::{Export, Partition};

/// The partitions that this module writes. An export has none of them: people sign in again.
pub(crate) const PARTITIONS: [Partition; 5] = [
    Partition::prefixed("session#", Export::Transient),
    Partition::prefixed("sessions-of#", Export::Transient),
    Partition::named("people", Export::Transient),
    Partition::prefixed("kept#", Export::Transient),
    Partition::prefixed("login#", Export::Transient),
];
