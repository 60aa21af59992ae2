//! Backups of a site with the embedded store: one tar file, with a checksum at its end.

mod archive;
mod entry;
mod read;
mod restore;
mod tar;
mod write;

pub(crate) use restore::{Restored, discard_unfinished, refuse_unfinished, restore};
pub(crate) use write::Backup;

#[cfg(test)]
mod tests;
