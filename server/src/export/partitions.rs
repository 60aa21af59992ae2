//! The partitions of all owners.

use gazette_table::{Export, Key, Partition};

use crate::auth;

/// Returns how an item with this key is exported; `None` when no owner declares its partition, so
/// that a forgotten declaration stops an export instead of losing data.
pub(super) fn export_of(key: &Key) -> Option<Export> {
    all().find(|partition| partition.covers(key)).map(Partition::export)
}

fn all() -> impl Iterator<Item = &'static Partition> {
    let owners: [&'static [Partition]; 3] =
        [gazette_domain::PARTITIONS, auth::PARTITIONS, gazette_user_pool::PARTITIONS];
    owners.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_declarations_overlap() {
        let all: Vec<&Partition> = all().collect();
        for (index, one) in all.iter().enumerate() {
            for other in all.iter().skip(index + 1) {
                assert!(!one.overlaps(other), "{one:?} and {other:?}");
            }
        }
    }

    #[test]
    fn an_undeclared_partition_has_no_export() {
        for (partition, sort) in
            [("unknown#1", "x"), ("trash#", "x"), ("pool#local#unknown", "x"), ("article#1", "x")]
        {
            assert_eq!(export_of(&Key::new(partition, sort)), None, "{partition}");
        }
    }
}
