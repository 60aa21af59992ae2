//! Feeds, read back by `feed-rs`.

use feed_rs::model::{Entry as ReadEntry, Feed as ReadFeed};
use gazette_domain::{FeedFormat, Image, Label, StoryId, Teaser};
use jiff::Timestamp;
use proptest::prelude::*;

use super::{Channel, Entry, content_type, write};

const ID: &str = "0191a0de-7c3a-7000-8000-000000000001";
const SITE: &str = "https://gazette.example";

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn label(name: &str) -> Label {
    Label::new(name).expect("a label")
}

fn teaser(headline: &str, authors: &[&str]) -> Teaser {
    Teaser {
        id: ID.parse::<StoryId>().expect("an id"),
        slug: "橋".parse().expect("a slug"),
        headline: headline.to_owned(),
        summary: "It <is> & stays.".to_owned(),
        section: label("Welt & Zeit"),
        tags: vec![label("C++"), label("河川")],
        authors: authors.iter().map(|name| label(name)).collect(),
        published_at: time("2026-11-01T08:00:00Z"),
        unpublish_at: None,
        updated_at: time("2026-11-02T09:30:00Z"),
        reading_minutes: 1,
        language: Some("ja".parse().expect("a language")),
        image: Some(Image {
            url: "/images/bridge.jpg".to_owned(),
            alt: "A \"bridge\"".to_owned(),
            width: 640,
            height: 480,
            caption: None,
            credit: Some("Photo: Ōkubo".to_owned()),
        }),
    }
}

fn channel() -> Channel {
    Channel {
        title: "橋 \u{2014} Gazette".to_owned(),
        description: "The latest stories.".to_owned(),
        language: "en".to_owned(),
        site_url: SITE.to_owned(),
        page_path: "/tag/%E6%A9%8B".to_owned(),
        list: "/tag/%E6%A9%8B".to_owned(),
        updated_at: time("2026-11-02T09:30:00Z"),
    }
}

fn read(format: FeedFormat, entries: &[Entry]) -> (String, ReadFeed) {
    let bytes = write(format, &channel(), entries).expect("written");
    let feed = feed_rs::parser::parse(bytes.as_slice()).expect("a feed");
    (String::from_utf8(bytes).expect("text"), feed)
}

fn only(feed: &ReadFeed) -> &ReadEntry {
    assert_eq!(feed.entries.len(), 1);
    &feed.entries[0]
}

fn names(entry: &ReadEntry) -> Vec<&str> {
    entry.authors.iter().map(|author| author.name.as_deref().unwrap_or_default()).collect()
}

fn html_of(entry: &ReadEntry) -> &str {
    entry.content.as_ref().and_then(|content| content.body.as_deref()).unwrap_or_default()
}

#[test]
fn every_format_has_the_same_story() {
    let authors = ["Ana Δημητρίου", "山田太郎", "نجيب محفوظ"];
    let html = "<p>See <a href=\"/news/a\">this</a> & <a href=\"#s-x\">that</a>.</p>\n";
    let entries = [Entry::full(teaser("橋 <b>opens</b> & \"closes\"", &authors), html, &channel())];
    let expected = "<p>See <a href=\"https://gazette.example/news/a\">this</a> & \
                    <a href=\"https://gazette.example/news/%E6%A9%8B#s-x\">that</a>.</p>";
    for format in FeedFormat::ALL {
        let (text, feed) = read(format, &entries);
        let entry = only(&feed);
        assert_eq!(feed.title.as_ref().expect("a title").content, "橋 \u{2014} Gazette");
        assert_eq!(feed.language.as_deref(), Some("en"), "{format:?}");
        assert_eq!(entry.id, format!("urn:uuid:{ID}"), "{format:?}");
        let title = entry.title.as_ref().expect("a title");
        assert_eq!(title.content, "橋 <b>opens</b> & \"closes\"", "{format:?}");
        assert_eq!(names(entry), authors, "{format:?}");
        assert_eq!(entry.links[0].href, format!("{SITE}/news/%E6%A9%8B"));
        assert_eq!(entry.published.expect("a time").timestamp(), 1_793_520_000);
        assert_eq!(html_of(entry).trim(), expected, "{format:?}");
        let categories: Vec<_> = entry.categories.iter().map(|it| it.term.as_str()).collect();
        assert_eq!(categories, ["Welt & Zeit", "C++", "河川"], "{format:?}");
        assert!(text.contains("https://gazette.example/images/bridge.jpg"), "{format:?}");
        assert!(text.contains(&format!("{SITE}{}", format.path("/tag/%E6%A9%8B"))), "{format:?}");
        assert!(content_type(format).starts_with(format.media_type()));
    }
}

#[test]
fn atom_and_json_name_the_pages_of_the_authors_and_the_time_of_the_last_change() {
    let entries = [Entry::summary(teaser("A", &["山田太郎", "Ada Reed"]))];
    let url = "https://gazette.example/author/%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E";
    let (_, atom) = read(FeedFormat::Atom, &entries);
    assert_eq!(only(&atom).authors[0].uri.as_deref(), Some(url));
    assert_eq!(only(&atom).updated.expect("a time").to_rfc3339(), "2026-11-02T09:30:00+00:00");
    assert_eq!(
        only(&atom).categories[0].scheme.as_deref(),
        Some("https://gazette.example/section")
    );
    assert_eq!(only(&atom).media[0].content[0].width, Some(640));
    let (json, _) = read(FeedFormat::Json, &entries);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let item = &json["items"][0];
    assert_eq!(item["authors"][0]["url"], url);
    assert_eq!(item["language"], "ja");
    assert_eq!(item["date_modified"], "2026-11-02T09:30:00Z");
    assert_eq!(item["image"], "https://gazette.example/images/bridge.jpg");
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
    let (rss, _) = read(FeedFormat::Rss, &entries);
    assert!(rss.contains("<pubDate>Sun, 01 Nov 2026 08:00:00 +0000</pubDate>"), "{rss}");
    assert!(rss.contains("<dc:language>ja</dc:language>"), "{rss}");
    assert!(rss.contains("<media:credit>Photo: Ōkubo</media:credit>"), "{rss}");
    assert!(rss.contains("<guid isPermaLink=\"false\">urn:uuid:"), "{rss}");
}

#[test]
fn a_story_without_its_text_has_its_summary() {
    let entries = [Entry::summary(teaser("A", &["Ada"]))];
    for format in FeedFormat::ALL {
        let (text, feed) = read(format, &entries);
        let summary = only(&feed).summary.as_ref().map(|it| it.content.as_str());
        // A description of RSS is HTML.
        let expected = if format == FeedFormat::Rss {
            "It &lt;is&gt; &amp; stays."
        } else {
            "It <is> & stays."
        };
        assert_eq!(summary, Some(expected), "{format:?}");
        assert!(!text.contains("content_html") && !text.contains("content:encoded"));
    }
}

#[test]
fn a_feed_without_stories_is_one() {
    for format in FeedFormat::ALL {
        assert!(read(format, &[]).1.entries.is_empty());
    }
}

/// Text with markup, control characters, and characters that XML forbids.
fn odd_text() -> impl Strategy<Value = String> {
    "x([<>&\"'\\]!-]|[\u{0}-\u{1f}\u{7f}-\u{9f}\u{fffe}\u{ffff}]|[a-c橋ع ]|<script>|]]>|&amp;|&#x1;){0,12}x"
}

fn cleaned(text: &str) -> String {
    let is_odd = |c: char| {
        (c.is_control() && !"\t\n\r".contains(c)) || ('\u{fffe}'..='\u{ffff}').contains(&c)
    };
    text.chars().filter(|c| !is_odd(*c)).collect()
}

proptest! {
    #[test]
    fn any_text_is_read_back_without_forbidden_characters(
        headline in odd_text(), author in odd_text(), tag in odd_text(), alt in odd_text(), html in odd_text()
    ) {
        let mut story = teaser(&headline, &[]);
        // Not the name of `Label::new`, which has no control characters.
        story.authors = vec![Label { name: author.clone(), ..label("a") }];
        story.tags = vec![Label { name: tag.clone(), ..label("t") }];
        story.image.as_mut().expect("an image").alt = alt;
        story.summary.clone_from(&html);
        let mut entry = Entry::summary(story);
        entry.html = Some(html.clone());
        for format in FeedFormat::ALL {
            let (text, feed) = read(format, &[entry.clone()]);
            prop_assert_eq!(cleaned(&text), text.as_str(), "{:?}", format);
            // The parser removes white space and markup that it knows, so its source is compared.
            if format == FeedFormat::Json {
                let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
                let item = &json["items"][0];
                prop_assert_eq!(item["title"].as_str().unwrap_or_default(), cleaned(&headline));
                prop_assert_eq!(item["authors"][0]["name"].as_str().unwrap_or_default(), cleaned(&author));
                prop_assert_eq!(item["tags"][1].as_str().unwrap_or_default(), cleaned(&tag));
                prop_assert_eq!(item["content_html"].as_str().unwrap_or_default(), cleaned(&html));
                continue;
            }
            prop_assert_eq!(feed.entries.len(), 1);
            let texts = texts_of(&text);
            for expected in [&headline, &author, &html] {
                let found = texts.iter().any(|found| *found == cleaned(expected));
                prop_assert!(found, "{:?}: {:?} is not in {:?}", format, expected, texts);
            }
        }
    }
}

/// Returns the text of each element of an XML document.
fn texts_of(xml: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut texts, mut text) = (Vec::new(), String::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(_) => text.clear(),
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(name) => {
                let entity = format!("&{};", name.as_ref());
                text.push_str(&quick_xml::escape::unescape(&entity).expect("a known entity"));
            }
            Event::End(_) => texts.push(std::mem::take(&mut text)),
            Event::Eof => return texts,
            _ => {}
        }
    }
}
