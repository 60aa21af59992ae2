//! A whole newsroom in a file, and back: one line of JSON for each item, whatever the engine.

mod kind;
mod line;
mod log;
mod read;
mod write;

pub(crate) use read::{ReadError, import_file};
pub(crate) use write::export_file;

#[cfg(test)]
mod tests;
