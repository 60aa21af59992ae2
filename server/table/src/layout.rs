//! Declarations of partitions: each owner of partitions publishes a list of them, and an export
//! reads the lists.

use crate::Key;

/// A declaration of partitions with a common name, or of a part of their items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    prefix: &'static str,
    /// `None` when the prefix is the whole name.
    suffix: Option<&'static str>,
    sort_prefix: &'static str,
    export: Export,
}

/// The way an export and an import handle items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// Exported as it is and imported as it is.
    Record,
    /// Exported as it is; imported by its owner, which derives other items from it.
    ByOwner,
    /// Not exported: the import of other items writes it again.
    Derived,
    /// Not exported: it is needed for a short time only, such as a session.
    Transient,
}

impl Partition {
    /// Declares the partition of this name.
    #[must_use]
    pub const fn named(name: &'static str, export: Export) -> Self {
        Self { prefix: name, suffix: None, sort_prefix: "", export }
    }

    /// Declares all partitions whose name has this prefix.
    #[must_use]
    pub const fn prefixed(prefix: &'static str, export: Export) -> Self {
        Self { prefix, suffix: Some(""), sort_prefix: "", export }
    }

    /// Restricts the declaration to partitions whose name also has this suffix.
    #[must_use]
    pub const fn with_suffix(self, suffix: &'static str) -> Self {
        Self { suffix: Some(suffix), ..self }
    }

    /// Restricts the declaration to items whose sort key has this prefix.
    #[must_use]
    pub const fn with_sort_prefix(self, sort_prefix: &'static str) -> Self {
        Self { sort_prefix, ..self }
    }

    /// Returns how items are exported.
    #[must_use]
    pub const fn export(&self) -> Export {
        self.export
    }

    /// Checks whether the declaration covers an item with this key.
    #[must_use]
    pub fn covers(&self, key: &Key) -> bool {
        let has_name = match self.suffix {
            None => key.partition == self.prefix,
            Some(suffix) => {
                let rest = key.partition.strip_prefix(self.prefix);
                rest.is_some_and(|rest| rest.ends_with(suffix))
            }
        };
        has_name && key.sort.starts_with(self.sort_prefix)
    }

    /// Checks whether some key may be covered by both declarations.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let names_overlap = match (self.suffix, other.suffix) {
            (None, None) => self.prefix == other.prefix,
            (None, Some(_)) => other.covers(&Key::new(self.prefix, other.sort_prefix)),
            (Some(_), None) => self.covers(&Key::new(other.prefix, self.sort_prefix)),
            (Some(one), Some(two)) => {
                let suffixes_overlap = one.ends_with(two) || two.ends_with(one);
                prefixes_overlap(self.prefix, other.prefix) && suffixes_overlap
            }
        };
        names_overlap && prefixes_overlap(self.sort_prefix, other.sort_prefix)
    }
}

fn prefixes_overlap(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: Partition = Partition::prefixed("pool#", Export::Record).with_suffix("#users");
    const CURRENT: Partition =
        Partition::prefixed("article#", Export::ByOwner).with_sort_prefix("current");

    #[test]
    fn a_declaration_covers_keys_by_name_and_sort_key() {
        let covers =
            |partition: Partition, name: &str, sort: &str| partition.covers(&Key::new(name, sort));
        assert!(covers(Partition::named("trash", Export::Derived), "trash", "x"));
        assert!(!covers(Partition::named("trash", Export::Derived), "trash#", "x"));
        assert!(covers(Partition::prefixed("feed#", Export::Derived), "feed#all", "x"));
        assert!(covers(USERS, "pool#local#users", "ada"));
        assert!(!covers(USERS, "pool#local#codes", "x") && !covers(USERS, "pool#users", "x"));
        assert!(covers(CURRENT, "article#1", "current"));
        assert!(!covers(CURRENT, "article#1", "revision#1"));
    }

    #[test]
    fn declarations_overlap_when_a_key_can_belong_to_both() {
        let prefixed = |prefix| Partition::prefixed(prefix, Export::Record);
        let named = |name| Partition::named(name, Export::Record);
        for (one, other, expected) in [
            (named("audit"), prefixed("audit#"), false),
            (named("audit"), prefixed("aud"), true),
            (prefixed("a#"), prefixed("a#b"), true),
            (prefixed("a#"), prefixed("b#"), false),
            (USERS, prefixed("pool#").with_suffix("#codes"), false),
            (USERS, prefixed("pool#"), true),
            (CURRENT, prefixed("article#").with_sort_prefix("revision#"), false),
            (CURRENT, prefixed("article#"), true),
        ] {
            assert_eq!(one.overlaps(&other), expected, "{one:?} and {other:?}");
            assert_eq!(other.overlaps(&one), expected, "{other:?} and {one:?}");
        }
    }
}
