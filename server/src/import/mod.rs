//! Stories from files: front matter, folders, and the way of each file into the newsroom.

mod folder;
mod front_matter;

pub(crate) use folder::import_folder;
