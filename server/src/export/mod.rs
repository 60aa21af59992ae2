//! Export of the whole store to a file, and import of the file, on any engine: one line of JSON
//! for each item. Export of the stories as Markdown.

mod checked_bodies;
mod export_file;
mod import_file;
mod line;
mod markdown;
mod markdown_stories;
mod partitions;

pub(crate) use export_file::{export_file, export_to};
pub(crate) use import_file::{ImportFileError, import_file};
pub(crate) use line::ItemLine;
pub(crate) use markdown_stories::{ExportedStories, export_markdown};

#[cfg(test)]
mod tests;
