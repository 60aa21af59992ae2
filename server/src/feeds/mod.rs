//! Feeds for programs that follow the site: Atom, RSS 2.0, JSON Feed 1.1, and sitemaps.

mod absolute_urls;
mod atom;
mod entry;
mod json;
mod rss;
mod sitemap;
mod text;
mod write;
mod xml;

pub(crate) use entry::{Channel, Entry};
pub(crate) use sitemap::{
    PAGES_PART, STORIES_PER_PART, SitemapPage, SitemapPart, write_index, write_news, write_part,
};
pub(crate) use write::{content_type, write};

#[cfg(test)]
mod tests;
