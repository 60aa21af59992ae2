//! What an export does with the items of each partition.

use gazette_table::Key;

/// What an item is to an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A story, from which its entries in lists are made again.
    Story,
    /// A part of the audit log, which is a chain for each day.
    Log,
    /// Anything else that was acknowledged to somebody.
    Record,
    /// Made again from the stories.
    Derived,
    /// A session, or something else that is over soon.
    Passing,
}

/// How partitions begin. An item that fits none makes an export fail, so that nothing new is ever
/// left out unnoticed.
const PARTITIONS: [(&str, Kind); 18] = [
    ("article#", Kind::Record),
    ("audit#", Kind::Log),
    ("audit", Kind::Log),
    ("saved#", Kind::Record),
    ("sections", Kind::Record),
    ("slug#", Kind::Record),
    ("feed#", Kind::Derived),
    ("drafts", Kind::Derived),
    ("trash", Kind::Derived),
    ("source#", Kind::Derived),
    ("jobs", Kind::Passing),
    ("idempotency#", Kind::Passing),
    ("session#", Kind::Passing),
    ("sessions-of#", Kind::Passing),
    ("people", Kind::Passing),
    ("kept#", Kind::Passing),
    ("login#", Kind::Passing),
    ("pool#", Kind::Passing),
];

/// What an item with this key is; `None` when no one has said.
pub(super) fn of(key: &Key) -> Option<Kind> {
    let partition = key.partition.as_str();
    if partition.starts_with("article#") && key.sort == "current" {
        return Some(Kind::Story);
    }
    if partition.starts_with("pool#") && partition.ends_with("#users") {
        return Some(Kind::Record);
    }
    let fits = |name: &str| {
        if name.ends_with('#') { partition.starts_with(name) } else { partition == name }
    };
    PARTITIONS.iter().find(|(name, _)| fits(name)).map(|(_, kind)| *kind)
}
