use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::import::site::Tool;
use crate::import::source_story::SourceImage;
use crate::import::split::split;

fn site() -> Site {
    Site::unknown(TimeZone::UTC, "2026-11-26T12:00:00Z".parse().expect("a time"))
}

fn read_of(site: &Site, key: &str, text: &str) -> Result<SourceStory, NoStory> {
    story_of(key, split(text).expect("front matter"), site)
}

fn read(key: &str, text: &str) -> SourceStory {
    read_of(&site(), key, text).expect("a story")
}

/// Reads a file with a title, a date and these lines of YAML.
fn with(lines: &str) -> SourceStory {
    read("a.md", &format!("---\ntitle: The bridge\ndate: 2024-03-05\n{lines}\n---\nText.\n"))
}

fn published(story: &SourceStory) -> Option<String> {
    story.published_at.map(|at| at.to_string())
}

#[test]
fn what_is_not_public_stays_so() {
    for line in [
        "draft: true",
        "draft: \"true\"",
        "draft: yes",
        "Draft: 1",
        "draft: perhaps",
        "published: false",
        "published: \"no\"",
        "published: off",
        "status: draft",
        "status: Private",
        "private: true",
        "hidden: true",
        "unlisted: true",
        "render: false",
        "headless: true",
        "build:\n  render: never",
        "_build:\n  list: never",
        "build: {render: false}",
        "eleventyExcludeFromCollections: true",
        "permalink: false",
        "expiryDate: 2024-04-01",
        "expires: 2024-04-01 10:00 +0200",
        "unpublishDate: soon",
        "publishDate: never",
        "password: secret",
        "visibility: hidden",
        "params:\n  draft: true",
        "extra:\n  private: true",
    ] {
        assert!(with(line).is_draft, "{line}");
    }
    for line in [
        "draft: false",
        "published: true",
        "published: 2024-03-05",
        "status: publish",
        "private: no",
        "expiryDate: 2099-01-01",
        "permalink: /a/",
        "build:\n  render: always",
        "publishDate: 2024-01-01",
        "draft:",
        "expires: false",
    ] {
        assert!(!with(line).is_draft, "{line}");
    }
    let expires = with("expires: 2099-01-01");
    assert!(expires.notes.iter().any(|note| note.contains("by hand")), "{:?}", expires.notes);
}

#[test]
fn a_story_is_published_when_its_source_would_have_shown_it() {
    let ahead = with("publishDate: 2099-01-01");
    assert_eq!(published(&ahead).as_deref(), Some("2099-01-01T00:00:00Z"));
    assert_eq!(
        published(&with("publish_date: 2024-02-01")).as_deref(),
        Some("2024-03-05T00:00:00Z")
    );
    let only = |line: &str| read("a.md", &format!("---\ntitle: A\n{line}\n---\nText\n"));
    assert_eq!(published(&only("pubDate: March 5, 2024")).as_deref(), Some("2024-03-05T00:00:00Z"));
    assert_eq!(published(&only("published: 2024-03-05")).as_deref(), Some("2024-03-05T00:00:00Z"));
    assert_eq!(
        published(&only("publishDate: 2024-03-05")).as_deref(),
        Some("2024-03-05T00:00:00Z")
    );
    assert_eq!(published(&only("path: 2020/07/27/x")).as_deref(), Some("2020-07-27T00:00:00Z"));
    let unreadable = with("x: y");
    assert!(unreadable.notes.is_empty());
    let named = read("2024-03-05-a.md", "---\ntitle: A\ndate: soon\n---\nText\n");
    assert_eq!(published(&named).as_deref(), Some("2024-03-05T00:00:00Z"));
    assert_eq!((named.is_draft, named.notes.len()), (false, 1));
    let none = only("x: y");
    assert_eq!((none.published_at, none.is_draft), (None, true));
    assert_eq!(none.notes, ["no date: imported as a draft"]);
    let folder = read("2024/03/05/a.md", "---\ntitle: A\n---\nText\n");
    assert_eq!(published(&folder).as_deref(), Some("2024-03-05T00:00:00Z"));
}

#[test]
fn a_title_is_found_where_it_is() {
    let headline = |text: &str| read("2024-03-05-the-old-bridge.md", text);
    let heading = headline("---\nlayout: post\n---\n\n# The *bridge* {#b}\n\nText\n");
    assert_eq!((heading.headline.as_str(), heading.body.as_str()), ("The bridge", "Text"));
    assert_eq!(headline("---\ntitle: 1984\n---\nText").headline, "1984");
    assert_eq!(headline("---\ntitle: [A, B]\n---\nText").headline, "A B");
    assert_eq!(headline("---\nTitle: \"`x` &amp; y\"\n---\nText").headline, "x & y");
    assert_eq!(headline("---\nlayout: post\n---\nText").headline, "The old bridge");
    assert_eq!(headline("# The bridge\n\nText").headline, "The bridge");
    let long = headline(&format!("---\ntitle: {}\n---\nText", "word ".repeat(60)));
    assert!(long.headline.ends_with('\u{2026}') && long.headline.chars().count() <= 200);
    assert!(long.notes.iter().any(|note| note.starts_with("headline cut")));
}

#[test]
fn files_that_are_no_stories_are_passed_over_or_refused() {
    let result = |key: &str, text: &str| read_of(&site(), key, text).err();
    for (key, text) in [
        ("README.md", "# About\n\nText"),
        ("2024-03-05-a.md", "Text"),
        ("archive.md", "---\nlayout: archive\n---\n"),
        ("about.md", "---\ntitle: About\n---\n"),
    ] {
        assert!(matches!(result(key, text), Some(NoStory::PassedOver(_))), "{key}");
    }
    for (key, text) in
        [("a.md", "---\ndate: 2024-03-05\n---\nText"), ("2024-03-05-a.md", "---\ntitle: A\n---\n")]
    {
        assert!(matches!(result(key, text), Some(NoStory::Refused(_))), "{key}");
    }
}

#[test]
fn authors_are_read_in_every_form() {
    for lines in [
        "author: Ann Smith",
        "author: {name: Ann Smith, url: x}",
        "authors: [Ann Smith]",
        "authors:\n  - name: Ann Smith",
        "authors: {ann: {name: Ann Smith}}",
        "by: Ann Smith",
        "extra:\n  author: Ann Smith",
        "extra:\n  authors: [Ann Smith]",
        "params:\n  author: Ann Smith",
        "taxonomies:\n  authors: [Ann Smith]",
        "author: Ann Smith <ann@example.org>",
        "author: \"[Ann Smith](https://ann.example)\"",
        "author: {first: Ann, last: Smith}",
    ] {
        assert_eq!(with(lines).authors, ["Ann Smith"], "{lines}");
    }
    assert_eq!(with("author: Ann\nauthors: [Ann, Bob]").authors, ["Ann", "Bob"]);
    assert_eq!(with("authors: Ann, Bob and Cy").authors, ["Ann", "Bob", "Cy"]);
    let mixed = with("authors: [Ann, true, {url: x}, 7]");
    assert_eq!((mixed.authors, mixed.notes.len()), (vec!["Ann".to_owned(), "7".to_owned()], 2));
}

#[test]
fn tags_and_categories_are_read_in_every_form() {
    assert_eq!(with("tags: a, b").tags, ["a", "b"]);
    assert_eq!(with("tags: rivers city, news").tags, ["rivers", "city", "news"]);
    assert_eq!(with("tags: a b").tags, ["a", "b"]);
    assert_eq!(
        with("tags: [2024, city life, true, {name: Rivers}, '#x']").tags,
        ["2024", "city life", "true", "Rivers", "x"]
    );
    assert_eq!(with("taxonomies:\n  tags: [a]\n  categories: [B]").tags, ["a"]);
    let both = with("categories: [City, Sport]\ntags: [a]");
    assert_eq!(
        (both.section.as_deref(), both.tags),
        (Some("City"), vec!["a".to_owned(), "Sport".to_owned()])
    );
    assert_eq!(with("category: Local news").section.as_deref(), Some("Local news"));
    assert_eq!(with("section: E\ncategory: F").section.as_deref(), Some("E"));
    let folder = read("city/_posts/2024-03-05-a.md", "---\ntitle: A\n---\nText");
    assert_eq!(folder.section.as_deref(), Some("city"));
    let hugo = Site { tool: Tool::Hugo, ..site() };
    let text = "---\ntitle: A\ntags: machine learning, ai\n---\nText";
    assert_eq!(read_of(&hugo, "a.md", text).expect("a story").tags, ["machine learning", "ai"]);
    let long = with(&format!("tags: [{}]", "x".repeat(80)));
    assert_eq!((long.tags.len(), long.notes.len()), (1, 1));
}

#[test]
fn a_summary_is_plain_text() {
    assert_eq!(with("description: A *new* <b>bridge</b>").summary.as_deref(), Some("A new bridge"));
    assert_eq!(with("summary: B\ndescription: A").summary.as_deref(), Some("A"));
    assert_eq!(with("teaser: T").summary.as_deref(), Some("T"));
    assert_eq!(with("excerpt: [1, 2]").summary.as_deref(), Some("1 2"));
    let long = with(&format!("description: {}", "word ".repeat(200)));
    let summary = long.summary.unwrap_or_default();
    assert!(summary.ends_with('\u{2026}') && summary.chars().count() <= 500);
    assert_eq!(long.notes, ["summary cut after 500 characters"]);
}

#[test]
fn a_picture_that_cannot_be_used_costs_itself() {
    let image = |lines: &str| with(lines).image;
    for lines in [
        "image: a.png",
        "images: [a.png, b.png]",
        "cover: {image: a.png}",
        "image: {path: a.png}",
        "featured_image: a.png",
        "featuredImage: a.png",
        "thumbnail: a.png",
        "hero: {src: a.png}",
        "header: {image: a.png}",
        "resources:\n  - src: x.pdf\n  - src: a.png",
        "image: [{url: a.png}]",
        "params: {image: a.png}",
        "image: false\ncover: a.png",
    ] {
        assert_eq!(image(lines).map(|image| image.url).as_deref(), Some("a.png"), "{lines}");
    }
    let texts = |lines: &str| {
        let SourceImage { alt, caption, credit, .. } = image(lines).expect("a picture");
        [alt, caption, credit].map(Option::unwrap_or_default)
    };
    let whole = texts("cover: {image: a.png, alt: \"A *b*\", caption: C, credit: D}");
    assert_eq!(whole, ["A b", "C", "D"]);
    let beside = texts("image: a.png\nimage_alt: A\nimage_caption: C\nimage_credit: D");
    assert_eq!(beside, ["A", "C", "D"]);
    for lines in ["image: false", "image: \"\"", "image:", "cover: {hidden: true}"] {
        let story = with(lines);
        assert_eq!((story.image, story.notes.len()), (None, 0), "{lines}");
    }
    for lines in ["image: true", "image: 7", "image: \"data:image/png;base64,x\""] {
        let story = with(lines);
        assert_eq!((story.image, story.notes.len()), (None, 1), "{lines}");
    }
}

#[test]
fn slugs_come_from_the_address() {
    let slug = |lines: &str| with(lines).slug;
    for lines in [
        "slug: bridge-open",
        "permalink: /blog/bridge-open/",
        "permalink: /blog/2020/bridge-open.html",
        "url: /bridge-open/index.html",
        "path: 2020/07/27/bridge-open",
        "permalink: https://x.example/bridge-open/",
    ] {
        assert_eq!(slug(lines).as_deref(), Some("bridge-open"), "{lines}");
    }
    for lines in [
        "permalink: /blog/:year/:title/",
        "permalink: \"/{{ title | slugify }}/\"",
        "permalink: false",
        "permalink: \"/blog/{{ page.fileSlug }}/index.html\"",
        "slug: \"{{ title }}\"",
    ] {
        assert_eq!(slug(lines), None, "{lines}");
    }
    let of_file = |key: &str| read(key, "---\ntitle: A\n---\nText").slug;
    assert_eq!(of_file("_posts/2024-03-05-bridge.md").as_deref(), Some("bridge"));
    assert_eq!(of_file("posts/bridge/index.md").as_deref(), Some("bridge"));
    assert_eq!(of_file("bridge.md"), None);
    let zola = Site { tool: Tool::Zola, ..site() };
    let story = read_of(&zola, "posts/bridge.md", "---\ntitle: A\n---\nText").expect("a story");
    assert_eq!(story.slug.as_deref(), Some("bridge"));
}

#[test]
fn old_addresses_are_kept() {
    let paths = |lines: &str| with(lines).old_paths;
    assert_eq!(paths("aliases: [/a/, b.html]\nredirect_from: /c"), ["/a/", "/b.html", "/c"]);
    assert_eq!(paths("permalink: /blog/:title/\nurl: /x/"), ["/x/"]);
    assert_eq!(paths("link: https://elsewhere.example/y"), Vec::<String>::new());
    assert_eq!(paths("path: 2018/07/27/x"), ["/2018/07/27/x"]);
    let made =
        |site: &Site, key: &str, text: &str| read_of(site, key, text).expect("a story").old_paths;
    let jekyll = Site { tool: Tool::Jekyll, base_path: "/blog".to_owned(), ..site() };
    let text = "---\ntitle: A\ncategories: [City News, x]\n---\nText";
    assert_eq!(
        made(&jekyll, "_posts/2024-03-05-Bridge.md", text),
        ["/blog/city%20news/x/2024/03/05/Bridge.html"]
    );
    let own = "---\ntitle: A\npermalink: /:year/:title/\n---\nText";
    assert_eq!(made(&jekyll, "_posts/2024-03-05-b.md", own), ["/blog/2024/b/"]);
    let hugo = Site { tool: Tool::Hugo, ..site() };
    let alias = "---\ntitle: A\naliases: [old]\n---\nText";
    assert_eq!(made(&hugo, "content/Posts/A B.md", alias), ["/posts/a-b/", "/posts/old"]);
    let zola = Site { tool: Tool::Zola, prefix: "content".to_owned(), ..site() };
    assert_eq!(made(&zola, "blog/2024-03-05-x/index.md", "---\ntitle: A\n---\nText"), ["/blog/x/"]);
}

#[test]
fn the_language_is_a_code() {
    assert_eq!(with("lang: pt_BR").language.as_deref(), Some("pt-BR"));
    assert_eq!(with("locale: en_US.UTF-8").language.as_deref(), Some("en-US"));
    assert_eq!(with("language: zh-Hant-TW").language.as_deref(), Some("zh-Hant-TW"));
    let unknown = with("lang: English!");
    assert_eq!((unknown.language, unknown.notes.len()), (None, 1));
    let file = read("2024-03-05-a.fr.md", "---\ntitle: A\n---\nText");
    assert_eq!(file.language.as_deref(), Some("fr"));
}

proptest! {
    #[test]
    fn any_front_matter_is_read_or_refused(
        keys in prop::collection::vec((
            "(title|date|draft|tags|authors?|image|cover|permalink|slug|aliases|lang|build|expires|categories|description)",
            "(true|[0-9]{1,10}|\\[.{0,9}\\]|\\{.{0,9}: .{0,9}\\}|.{0,20}|\n  - [a-z]{0,5}|\n  name: .{0,9})",
        ), 0..8),
        key in "([a-z_./0-9-]{0,20})\\.mdx?",
        body in "\\PC{0,100}",
    ) {
        let lines: Vec<String> =
            keys.iter().map(|(key, value)| format!("{key}: {value}\n")).collect();
        let lines = lines.concat();
        if let Ok(parts) = split(&format!("---\n{lines}---\n{body}")) {
            for tool in [Tool::Unknown, Tool::Jekyll, Tool::Hugo, Tool::Zola, Tool::VuePress] {
                if let Ok(story) = story_of(&key, parts.clone(), &Site { tool, ..site() }) {
                    prop_assert!(!story.headline.is_empty() && story.headline.chars().count() <= 200);
                    prop_assert!(story.published_at.is_some() || story.is_draft);
                    prop_assert!(story.old_paths.iter().all(|path| path.starts_with('/')));
                }
            }
        }
    }
}
