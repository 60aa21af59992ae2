//! Markdown to safe HTML, within limits of size, depth and time.

mod accessibility;
mod attributes;
mod clean;
mod content_facts;
mod content_model;
mod direction;
mod elements;
mod error;
mod excerpt;
mod finish;
mod highlight;
mod ids;
mod inspect;
mod line_depth;
mod media;
mod options;
mod pictures;
mod render;
mod scan;
mod shortcodes;
mod shorten;
mod stopwatch;
mod targets;
mod tokens;
mod tree_check;
mod tree_size;
mod url;
mod worker;

pub(crate) use error::RenderError;
pub(crate) use ids::heading_id;
pub(crate) use inspect::inspect;
pub(crate) use pictures::StoredPictures;
pub(crate) use worker::{BodyRenderer, StoryHtml, check, excerpt};

#[cfg(test)]
mod tests;
