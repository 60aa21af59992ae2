//! Import of stories from Markdown files.

mod date;
mod folder;
mod front_matter;
mod links;
mod split;

pub(crate) use folder::import_folder;
