//! Atom (RFC 4287), with the pictures as Media RSS.

use gazette_domain::{FeedFormat, LabelKind};

use super::entry::{Channel, Entry, icon_url};
use super::xml::Xml;

pub(super) fn write(channel: &Channel, entries: &[Entry]) -> Vec<u8> {
    let mut xml = Xml::new();
    let namespaces = [
        ("xmlns", "http://www.w3.org/2005/Atom"),
        ("xmlns:media", "http://search.yahoo.com/mrss/"),
        ("xml:lang", &channel.language),
    ];
    xml.element("feed", &namespaces, |xml| {
        let own_url = channel.feed_url(FeedFormat::Atom);
        xml.text("id", &own_url);
        xml.text("title", &channel.title);
        xml.text("subtitle", &channel.description);
        xml.text("updated", &channel.updated_at.to_string());
        xml.text("icon", &icon_url(channel));
        link(xml, "self", FeedFormat::Atom.media_type(), &own_url);
        link(xml, "alternate", "text/html", &channel.page_url());
        for entry in entries {
            let language = entry.language().map(|language| ("xml:lang", language));
            xml.element("entry", language.as_slice(), |xml| write_entry(xml, channel, entry));
        }
    });
    xml.into_bytes()
}

fn write_entry(xml: &mut Xml, channel: &Channel, entry: &Entry) {
    let story = &entry.story;
    xml.text("id", &entry.id());
    xml.text("title", &story.headline);
    link(xml, "alternate", "text/html", &entry.url(channel));
    xml.text("published", &story.published_at.to_string());
    xml.text("updated", &story.updated_for_readers().to_string());
    for author in &story.authors {
        xml.element("author", &[], |xml| {
            xml.text("name", &author.name);
            xml.text("uri", &channel.label_url(LabelKind::Author, author));
        });
    }
    for (kind, label) in entry.categories() {
        xml.empty("category", &[("term", &label.name), ("scheme", &channel.scheme(kind))]);
    }
    if !story.summary.is_empty() {
        xml.text("summary", &story.summary);
    }
    picture(xml, channel, entry);
    if let Some(html) = &entry.html {
        xml.text_with("content", &[("type", "html")], html);
    }
}

fn link(xml: &mut Xml, relation: &str, media_type: &str, url: &str) {
    xml.empty("link", &[("rel", relation), ("type", media_type), ("href", url)]);
}

/// Writes the picture of a story. It is no enclosure, for which RSS needs the size in bytes.
pub(super) fn picture(xml: &mut Xml, channel: &Channel, entry: &Entry) {
    let Some(image) = &entry.story.image else { return };
    let url = channel.absolute(&image.url);
    let (width, height) = (image.width.to_string(), image.height.to_string());
    let attributes =
        [("url", url.as_str()), ("medium", "image"), ("width", &width), ("height", &height)];
    xml.element("media:content", &attributes, |xml| {
        if !image.alt.is_empty() {
            xml.text_with("media:description", &[("type", "plain")], &image.alt);
        }
        if let Some(credit) = &image.credit {
            xml.text("media:credit", credit);
        }
    });
}
