//! Feeds for programs that follow the site: Atom, RSS 2.0 and JSON Feed 1.1.

mod absolute_urls;
mod atom;
mod entry;
mod json;
mod rss;
mod text;
mod write;
mod xml;

pub(crate) use entry::{Channel, Entry};
pub(crate) use write::{content_type, write};

#[cfg(test)]
mod tests;
