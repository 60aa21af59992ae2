//! The partitions of the pool, and how an export handles them.

use gazette_table::{Export, Partition};

const PREFIX: &str = "pool#";

/// The partitions that the pool writes. An export has the users alone.
pub const PARTITIONS: [Partition; 5] = [
    Partition::prefixed(PREFIX, Export::Record).with_suffix("#users"),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix("#codes"),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix("#families"),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix("#refresh"),
    Partition::prefixed(PREFIX, Export::Transient).with_suffix("#sessions"),
];
