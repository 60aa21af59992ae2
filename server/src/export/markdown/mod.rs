//! Export of the stories as a folder of Markdown files, which Hugo, Zola and `import` read.

mod file;
mod folder;
mod story;

pub(crate) use folder::{MarkdownExport, Picture, local_pictures};
pub(crate) use story::source_story_of;

#[cfg(test)]
mod tests;
