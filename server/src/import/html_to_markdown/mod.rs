//! HTML to Markdown, for stories of systems that keep HTML.

mod blocks;
mod clean_html;
mod convert;
mod dom;
mod error;
mod escape;
mod inline;
mod line_writer;
mod list;
mod media;
mod output;
mod page;
mod parse;
mod pieces;
mod table;
mod writer;

pub(crate) use convert::{Html, html_to_markdown, text_of_html, without_embedded_files};

#[cfg(test)]
mod tests;
