//! A small site, as WordPress exports it.

use std::io::Write as _;

use jiff::tz::{TimeZone, offset};

use super::*;
use crate::import::source_kind::{SourceKind, source_kind};
use crate::import::source_story::{Refused, SourceImage, SourceStory};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.5" -->
<rss version="2.0"
	xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
	<title>Zprávy &amp; noviny</title>
	<link>https://noviny.example/blog</link>
	<language>cs-CZ</language>
	<wp:wxr_version>1.2</wp:wxr_version>
	<wp:base_site_url>https://noviny.example</wp:base_site_url>
	<wp:base_blog_url>https://noviny.example/blog</wp:base_blog_url>
	<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[eva]]></wp:author_login><wp:author_display_name><![CDATA[Eva Nováková]]></wp:author_display_name></wp:author>
	<wp:category><wp:term_id>3</wp:term_id><wp:cat_name><![CDATA[Město]]></wp:cat_name></wp:category>
	<generator>https://wordpress.org/?v=6.5</generator>
"#;

type Stories = Vec<Result<SourceStory, Refused>>;

fn stories_of(items: &str) -> Stories {
    let (_, stories) = site(items);
    stories
}

fn site(items: &str) -> (Vec<(String, usize)>, Stories) {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    write!(file, "{HEAD}{items}</channel></rss>").expect("written");
    let export = WordPress::open(file.path(), TimeZone::fixed(offset(2))).expect("opened");
    let stories = export.stories().expect("opened").collect();
    (export.summary(), stories)
}

fn post(fields: &str, content: &str) -> String {
    format!(
        "<item><title>T</title><link>https://noviny.example/blog/2024/t/</link>\
         <dc:creator><![CDATA[eva]]></dc:creator><content:encoded><![CDATA[{content}]]></content:encoded>\
         <wp:post_id>7</wp:post_id><wp:post_type>post</wp:post_type>{fields}</item>"
    )
}

fn story(fields: &str, content: &str) -> SourceStory {
    let mut stories = stories_of(&post(fields, content));
    stories.remove(0).expect("a story")
}

fn body(content: &str) -> String {
    story("", content).body
}

#[test]
fn a_post_with_everything_becomes_a_story() {
    let (skipped, stories) = site(
        r#"
	<item>
		<title><![CDATA[Řím &amp; Kőbánya: <em>dvě</em> města]]></title>
		<link>https://noviny.example/blog/2024/03/05/rim/</link>
		<pubDate>Tue, 05 Mar 2024 08:30:00 +0000</pubDate>
		<dc:creator><![CDATA[eva]]></dc:creator>
		<guid isPermaLink="false">https://noviny.example/blog/?p=12</guid>
		<content:encoded><![CDATA[<!-- wp:paragraph -->
<p>Text s <a href="https://noviny.example/blog/2024/03/05/rim/#dva">odkazem</a>.</p>
<!-- /wp:paragraph -->

<!-- wp:heading -->
<h2 class="wp-block-heading" id="dva">Dva</h2>
<!-- /wp:heading -->

<!-- wp:image {"id":20} -->
<figure class="wp-block-image"><img src="https://noviny.example/a-1024x768.jpg" alt="Most"/><figcaption class="wp-element-caption">Most. Foto: Eva</figcaption></figure>
<!-- /wp:image -->

<!-- wp:paragraph -->
<p>Konec<sup data-fn="f-1" class="fn"><a href="\#f-1" id="f-1-link">1</a></sup>.</p>
<!-- /wp:paragraph -->
<!-- wp:footnotes /-->
<!-- wp:latest-posts /-->]]></content:encoded>
		<excerpt:encoded><![CDATA[Souhrn <b>zde</b>.]]></excerpt:encoded>
		<wp:post_id>12</wp:post_id>
		<wp:post_date><![CDATA[2024-03-05 09:30:00]]></wp:post_date>
		<wp:post_date_gmt><![CDATA[2024-03-05 08:30:00]]></wp:post_date_gmt>
		<wp:post_name><![CDATA[%e3%81%82-rim]]></wp:post_name>
		<wp:status><![CDATA[publish]]></wp:status>
		<wp:post_parent>0</wp:post_parent>
		<wp:post_type><![CDATA[post]]></wp:post_type>
		<wp:post_password><![CDATA[]]></wp:post_password>
		<wp:is_sticky>1</wp:is_sticky>
		<category domain="category" nicename="uncategorized"><![CDATA[Uncategorized]]></category>
		<category domain="category" nicename="mesto"><![CDATA[Město]]></category>
		<category domain="category" nicename="svet"><![CDATA[Svět]]></category>
		<category domain="post_tag" nicename="c"><![CDATA[C++]]></category>
		<category domain="post_format" nicename="post-format-aside"><![CDATA[Aside]]></category>
		<wp:postmeta><wp:meta_key><![CDATA[_thumbnail_id]]></wp:meta_key><wp:meta_value><![CDATA[20]]></wp:meta_value></wp:postmeta>
		<wp:postmeta><wp:meta_key><![CDATA[_wp_old_slug]]></wp:meta_key><wp:meta_value><![CDATA[roma]]></wp:meta_value></wp:postmeta>
		<wp:postmeta><wp:meta_key><![CDATA[footnotes]]></wp:meta_key><wp:meta_value><![CDATA[[{"content":"Pozn\u00e1mka <em>x<\/em>","id":"f-1"}]]]></wp:meta_value></wp:postmeta>
		<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content><![CDATA[Hi]]></wp:comment_content></wp:comment>
	</item>
	<item><title>About</title><wp:post_id>2</wp:post_id><wp:status>publish</wp:status><wp:post_type>page</wp:post_type></item>
	<item><title>Old</title><wp:post_id>3</wp:post_id><wp:status>trash</wp:status><wp:post_type>post</wp:post_type></item>
	<item>
		<title>a</title><wp:post_id>20</wp:post_id><wp:post_parent>12</wp:post_parent><wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type>
		<excerpt:encoded><![CDATA[Foto: Eva]]></excerpt:encoded>
		<wp:attachment_url>https://noviny.example/a.jpg</wp:attachment_url>
		<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value><![CDATA[Most přes řeku]]></wp:meta_value></wp:postmeta>
	</item>
"#.replace("\\#", "#").as_str(),
    );
    let expected = SourceStory {
        key: "post/12".to_owned(),
        headline: "Řím & Kőbánya: dvě města".to_owned(),
        summary: Some("Souhrn zde.".to_owned()),
        body: "Text s [odkazem](#dva).\n\n## Dva {#dva}\n\n\
               ![Most](https://noviny.example/a-1024x768.jpg)\n\n*Most. Foto: Eva*\n\n\
               Konec[^1].\n\n[^1]: Poznámka *x*"
            .to_owned(),
        section: Some("Město".to_owned()),
        tags: vec!["C++".to_owned(), "Svět".to_owned()],
        authors: vec!["Eva Nováková".to_owned()],
        language: Some("cs-CZ".to_owned()),
        slug: Some("あ-rim".to_owned()),
        published_at: Some("2024-03-05T08:30:00Z".parse().expect("a time")),
        unpublish_at: None,
        is_draft: false,
        image: Some(SourceImage {
            url: "https://noviny.example/a.jpg".to_owned(),
            alt: Some("Most přes řeku".to_owned()),
            caption: None,
            credit: Some("Foto: Eva".to_owned()),
        }),
        old_paths: ["/blog/2024/03/05/rim/", "/blog/?p=12", "/blog/2024/03/05/roma/"]
            .map(str::to_owned)
            .to_vec(),
        notes: vec!["the block latest-posts shows nothing here".to_owned()],
    };
    assert_eq!(stories, [Ok(expected)]);
    let skipped: Vec<_> = skipped.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
    let expected = [("attachment", 1), ("comment", 1), ("page", 1), ("post in the trash", 1)];
    assert_eq!(skipped, expected);
}

#[test]
fn what_is_not_public_becomes_a_draft() {
    for (fields, is_draft) in [
        ("<wp:status>publish</wp:status>", false),
        ("<wp:status>future</wp:status>", false),
        ("<wp:status>draft</wp:status>", true),
        ("<wp:status>pending</wp:status>", true),
        ("<wp:status>private</wp:status>", true),
        ("<wp:status>embargo</wp:status>", true),
        ("<wp:status>publish</wp:status><wp:post_password>x</wp:post_password>", true),
    ] {
        assert_eq!(story(fields, "x").is_draft, is_draft, "{fields}");
    }
}

#[test]
fn dates_fall_back_to_local_time() {
    let date = |fields: &str| story(fields, "x").published_at.map(|date| date.to_string());
    let none = "<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>";
    assert_eq!(
        date(&format!("<wp:post_date>2024-03-05 09:30:00</wp:post_date>{none}")).as_deref(),
        Some("2024-03-05T07:30:00Z")
    );
    let feed = "<pubDate>Tue, 05 Mar 2024 08:30:00 +0000</pubDate>";
    assert_eq!(date(feed).as_deref(), Some("2024-03-05T08:30:00Z"));
    assert_eq!(date("<pubDate>Wed, 30 Nov -0001 00:00:00 +0000</pubDate>"), None);
}

#[test]
fn text_of_the_classic_editor_has_paragraphs_and_shortcodes() {
    for (content, expected) in [
        ("السلام\n\nعليكم\nx", "السلام\n\nعليكم\\\nx"),
        (
            "[caption id=\"a\" align=\"alignleft\" width=\"300\"]<a href=\"/a.jpg\"><img src=\"/a-300x200.jpg\" alt=\"A\" /></a> A <b>c</b>[/caption]\n\nx",
            "![A](/a-300x200.jpg)\n\n*A **c***\n\nx",
        ),
        ("[caption caption=\"Old\"]<img src=\"/a.jpg\">[/caption]", "![](/a.jpg)\n\n*Old*"),
        (
            "[embed width=\"1\"]https://v.example/1?a=b&amp;c=d[/embed]",
            "[https://v.example/1?a=b&c=d](https://v.example/1?a=b&c=d)",
        ),
        (
            "[video mp4=\"/a.mp4\"][/video] [audio src='/a.mp3']",
            "[/a.mp4](/a.mp4)\n\n[/a.mp3](/a.mp3)",
        ),
        ("[youtube https://youtu.be/x?a=1]", "[https://youtu.be/x?a=1](https://youtu.be/x?a=1)"),
        ("a<!--more-->b<!--nextpage-->c", "abc"),
        ("<pre>[gallery]</pre>", "```\n[gallery]\n```"),
        ("He said [sic] and [1].", "He said \\[sic\\] and \\[1\\]."),
        (
            "東京で<strong>「速報」</strong>です。\n\nhttps://v.example/a_b",
            "東京で<strong>「速報」</strong>です。\n\nhttps://v.example/a_b",
        ),
        (
            "<!-- wp:freeform -->a\n\nb<!-- /wp:freeform --><!-- wp:embed {\"url\":\"https://v.example/1\"} /-->",
            "a\n\nb\n\n[https://v.example/1](https://v.example/1)",
        ),
    ] {
        assert_eq!(body(content), expected, "{content}");
    }
}

#[test]
fn a_gallery_shows_its_pictures() {
    let picture = |id: u32, parent: u32| {
        format!(
            "<item><wp:post_id>{id}</wp:post_id><wp:post_type>attachment</wp:post_type><wp:post_parent>{parent}</wp:post_parent>\
         <wp:attachment_url>https://a.example/{id}.jpg</wp:attachment_url><excerpt:encoded>C{id}</excerpt:encoded></item>"
        )
    };
    let items = post("", "[gallery ids=\"2,1\"]")
        + &post("", "[gallery]")
        + &picture(1, 0)
        + &picture(2, 7);
    let bodies: Vec<String> =
        stories_of(&items).into_iter().map(|story| story.expect("a story").body).collect();
    let two = "![](https://a.example/2.jpg)\n\n*C2*";
    assert_eq!(bodies, [format!("{two}\n\n![](https://a.example/1.jpg)\n\n*C1*"), two.to_owned()]);
}

#[test]
fn shortcodes_of_plugins_are_noted() {
    let story = story("", "[contact-form-7 id=\"1\"] [fancy]x[/fancy] [fancy]y[/fancy]");
    assert_eq!(
        story.notes,
        [
            "the shortcode [contact-form-7] stays in the text",
            "the shortcode [fancy] stays in the text"
        ]
    );
}

#[test]
fn a_post_without_a_title_begins_with_its_text() {
    let items =
        post("", "Long <b>ago</b> there was").replace("<title>T</title>", "<title></title>");
    let stories = stories_of(&items);
    assert_eq!(stories[0].as_ref().expect("a story").headline, "Long ago there was");
    let items = post("", "").replace("<title>T</title>", "");
    assert!(stories_of(&items)[0].is_err());
}

#[test]
fn damaged_xml_keeps_what_comes_before() {
    let stories = stories_of(&(post("", "x") + "<item><title>a</wrong></item>" + &post("", "y")));
    assert_eq!(stories.len(), 2);
    assert!(stories[0].is_ok());
    let refused = stories[1].as_ref().expect_err("refused");
    assert!(refused.reason.contains("cannot be read at byte"), "{refused:?}");
}

#[test]
fn other_prefixes_and_entities_are_understood() {
    let items = post("", "").replace("<![CDATA[]]>", "&lt;p&gt;a &amp;amp; b&#33;&lt;/p&gt; AT&T");
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    let head = HEAD.replace("xmlns:wp=", "xmlns:w=").replace("1.2/\"", "1.0/\"");
    write!(file, "{head}{}</channel></rss>", items.replace("wp:", "w:")).expect("written");
    let export = WordPress::open(file.path(), TimeZone::UTC).expect("opened");
    let stories: Vec<_> = export.stories().expect("opened").collect();
    assert_eq!(stories[0].as_ref().expect("a story").body, "a & b!\n\nAT&T");
    assert_eq!((export.len(), export.site_url()), (1, "https://noviny.example/blog"));
    assert_eq!(source_kind(file.path()).expect("readable"), SourceKind::WordPress);
}

/// Returns an export of at least this many bytes, with an attachment for each post.
fn export_of(min_bytes: usize) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    write!(file, "{HEAD}").expect("written");
    let text = "<!-- wp:paragraph --><p>Řím <b>a</b> <a href=\"/x\">b</a>, 東京.</p><!-- /wp:paragraph -->\n\n".repeat(100);
    let (mut bytes, mut number) = (0, 0);
    while bytes < min_bytes {
        let item = post("", &text).replace(">7<", &format!(">{number}<"));
        let attachment = format!(
            "<item><title>a</title><wp:post_id>{}</wp:post_id><wp:post_type>attachment</wp:post_type>\
             <wp:attachment_url>https://noviny.example/wp-content/{number}.jpg</wp:attachment_url></item>",
            number + 1
        );
        write!(file, "{item}{attachment}").expect("written");
        bytes += item.len() + attachment.len();
        number += 2;
    }
    write!(file, "</channel></rss>").expect("written");
    file
}

#[test]
fn memory_does_not_grow_with_the_size_of_the_file() {
    let peak = |min_bytes| {
        let file = export_of(min_bytes);
        let allocated = allocation_counter::measure(|| {
            let export = WordPress::open(file.path(), TimeZone::UTC).expect("opened");
            assert!(export.stories().expect("opened").flatten().count() > 50);
        });
        allocated.bytes_max
    };
    let (small, large) = (peak(1_000_000), peak(4_000_000));
    // Of each attachment, its id and URL are kept.
    assert!(large < small + 500_000, "{small} and {large} bytes");
}
