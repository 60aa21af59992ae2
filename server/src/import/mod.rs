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
mod ghost;
mod head;
mod heading;
mod html_to_markdown;
mod limited_reader;
mod links;
mod mdx;
mod old_address;
mod picture_bytes;
mod picture_files;
mod picture_import;
mod picture_links;
mod pictures;
mod pipeline;
mod redirects;
mod report;
mod shortcodes;
mod site;
mod source;
mod source_kind;
mod source_story;
mod split;
mod text;
mod tool_path;
mod wordpress;

pub(crate) use head::MARKDOWN_FORMAT;
pub(crate) use picture_import::PictureImport;
pub(crate) use picture_links::{picture_links, with_urls};
pub(crate) use pipeline::{Settings, import_stories};
pub(crate) use report::Report;
pub(crate) use source::Source;
pub(crate) use source_story::{Refused, SourceImage, SourceStory};

#[cfg(test)]
pub(crate) use entry::Entry;
