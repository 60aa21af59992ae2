//! Export of the stories as a folder of Markdown files, which Hugo, Zola and `import` read.

mod file;
mod folder;
mod story;

pub(crate) use folder::MarkdownExport;
#[cfg_attr(not(test), expect(unused_imports, reason = "pictures are not stored yet"))]
pub(crate) use folder::Picture;
pub(crate) use story::source_story_of;

#[cfg(test)]
mod tests;
