//! RSS 2.0, with the modules `content` (full text), `dc` (authors), `media` and `atom`.

use gazette_domain::FeedFormat;
use jiff::Timestamp;

use super::atom::picture;
use super::entry::{Channel, Entry};
use super::text::html_of;
use super::xml::Xml;

const NAMESPACES: [(&str, &str); 5] = [
    ("version", "2.0"),
    ("xmlns:atom", "http://www.w3.org/2005/Atom"),
    ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:media", "http://search.yahoo.com/mrss/"),
];

pub(super) fn write(channel: &Channel, entries: &[Entry]) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.element("rss", &NAMESPACES, |xml| {
        xml.element("channel", &[], |xml| {
            xml.text("title", &channel.title);
            xml.text("link", &channel.page_url());
            xml.text("description", &channel.description);
            xml.text("language", &channel.language);
            xml.text("lastBuildDate", &date(channel.updated_at));
            let own_url = channel.feed_url(FeedFormat::Rss);
            let media_type = FeedFormat::Rss.media_type();
            xml.empty("atom:link", &[("rel", "self"), ("type", media_type), ("href", &own_url)]);
            for entry in entries {
                xml.element("item", &[], |xml| write_item(xml, channel, entry));
            }
        });
    });
    xml.into_bytes()
}

fn write_item(xml: &mut Xml, channel: &Channel, entry: &Entry) {
    let story = &entry.story;
    xml.text("title", &story.headline);
    xml.text("link", &entry.url(channel));
    xml.text_with("guid", &[("isPermaLink", "false")], &entry.id());
    xml.text("pubDate", &date(story.published_at));
    xml.text("atom:updated", &story.updated_for_readers().to_string());
    if let Some(language) = entry.language() {
        xml.text("dc:language", language);
    }
    for author in &story.authors {
        xml.text("dc:creator", &author.name);
    }
    for (kind, label) in entry.categories() {
        xml.text_with("category", &[("domain", &channel.scheme(kind))], &label.name);
    }
    if !story.summary.is_empty() {
        // Readers show a description as HTML.
        xml.text("description", &html_of(&story.summary));
    }
    picture(xml, channel, entry);
    if let Some(html) = &entry.html {
        xml.text("content:encoded", html);
    }
}

/// Formats a time as RSS requires (RFC 822, with four digits of the year).
fn date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
