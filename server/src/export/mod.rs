//! Export of the whole store to a file, and import of the file, on any engine: one line of JSON
//! for each item.

mod checked_bodies;
mod export_file;
mod import_file;
mod line;
mod partitions;

pub(crate) use export_file::export_file;
pub(crate) use import_file::{ImportFileError, import_file};

#[cfg(test)]
mod tests;
