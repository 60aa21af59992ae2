//! Import of stories from Markdown files.

mod folder;
mod front_matter;
mod links;

pub(crate) use folder::import_folder;
