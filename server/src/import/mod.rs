//! Import of stories from Markdown files, and from exports of other systems.

mod date;
mod folder;
mod front_matter;
#[cfg_attr(not(test), expect(dead_code, unused_imports, reason = "no command reads exports yet"))]
mod ghost;
mod html_to_markdown;
mod limited_reader;
mod links;
mod old_address;
#[cfg_attr(not(test), expect(dead_code, reason = "no command reads exports yet"))]
mod source_kind;
mod source_story;
mod split;
#[cfg_attr(not(test), expect(dead_code, unused_imports, reason = "no command reads exports yet"))]
mod wordpress;

pub(crate) use folder::import_folder;
pub(crate) use source_story::{SourceImage, SourceStory};
