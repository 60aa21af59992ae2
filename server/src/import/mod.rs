//! Import of stories from elsewhere: readers of sources, and one pipeline that publishes what they
//! yield.

mod adapt;
mod body;
mod code;
mod date;
mod entry;
mod file_name;
mod folder;
mod front_matter;
mod head;
mod heading;
mod links;
mod mdx;
mod pictures;
mod pipeline;
mod report;
mod shortcodes;
mod site;
mod source_story;
mod split;
mod text;
mod tool_path;

pub(crate) use folder::Folder;
pub(crate) use pipeline::{Settings, import_stories};
pub(crate) use report::Report;
