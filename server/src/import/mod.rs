//! Import of stories from Markdown files.

mod date;
mod folder;
mod front_matter;
#[cfg_attr(not(test), expect(dead_code, unused_imports, reason = "no command reads exports yet"))]
mod html_to_markdown;
mod links;
#[cfg_attr(not(test), expect(dead_code, reason = "no command reads exports yet"))]
mod source_story;
mod split;

pub(crate) use folder::import_folder;
