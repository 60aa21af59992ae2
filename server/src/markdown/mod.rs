//! Markdown to safe HTML, within limits of size, depth and time.

mod clean;
mod error;
mod excerpt;
mod line_depth;
mod options;
mod render;
mod stopwatch;
mod tree_check;
mod tree_size;
mod url;
mod worker;

pub(crate) use error::RenderError;
pub(crate) use excerpt::excerpt;
pub(crate) use render::heading_id;
pub(crate) use worker::{BodyRenderer, StoryHtml, check};

#[cfg(test)]
mod tests;
