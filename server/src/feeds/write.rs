//! One entry point for all formats.

use gazette_domain::FeedFormat;

use super::entry::{Channel, Entry};
use super::{atom, json, rss};

/// Writes a feed. The same stories give the same bytes, on every instance and at any time.
pub(crate) fn write(
    format: FeedFormat,
    channel: &Channel,
    entries: &[Entry],
) -> Result<Vec<u8>, serde_json::Error> {
    match format {
        FeedFormat::Atom => Ok(atom::write(channel, entries)),
        FeedFormat::Rss => Ok(rss::write(channel, entries)),
        FeedFormat::Json => json::write(channel, entries),
    }
}

/// Returns the value of the `Content-Type` header.
pub(crate) fn content_type(format: FeedFormat) -> &'static str {
    match format {
        FeedFormat::Atom => "application/atom+xml; charset=utf-8",
        FeedFormat::Rss => "application/rss+xml; charset=utf-8",
        FeedFormat::Json => "application/feed+json; charset=utf-8",
    }
}
