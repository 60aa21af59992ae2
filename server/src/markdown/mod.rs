//! Markdown: safe HTML, plain-text excerpts, and a limit on nesting.

mod clean;
mod excerpt;
mod nesting;
mod options;
mod render;
mod url;

pub(crate) use excerpt::excerpt;
pub(crate) use nesting::check;
pub(crate) use render::to_html;
