//! A small site, as Ghost exports it.

use std::io::Write as _;

use serde_json::{Value, json};

use super::*;
use crate::import::source_story::{Refused, SourceImage, SourceStory};

type Stories = Vec<Result<SourceStory, Refused>>;

fn read(export: &str) -> (Vec<(String, usize)>, Stories) {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(export.as_bytes()).expect("written");
    let export = Ghost::open(file.path()).expect("opened");
    let stories: Stories = export.stories().expect("opened").collect();
    assert_eq!(export.len(), stories.iter().filter(|story| story.is_ok()).count());
    assert_eq!(redirects_beside(file.path()), SourceRedirects::default());
    (export.summary(), stories)
}

fn story(mut fields: Value) -> SourceStory {
    let post = fields.as_object_mut().expect("an object");
    for (key, value) in [("id", json!("1")), ("title", json!("T")), ("status", json!("published"))]
    {
        post.entry(key).or_insert(value);
    }
    let (_, mut stories) = read(&json!({"data": {"posts": [fields]}}).to_string());
    stories.remove(0).expect("a story")
}

fn lexical(children: &Value) -> String {
    let document = json!({"root": {"type": "root", "children": children}});
    story(json!({"lexical": document.to_string()})).body
}

#[test]
fn a_post_with_everything_becomes_a_story() {
    let text =
        |text: &str, format: u32| json!({"type": "extended-text", "text": text, "format": format});
    let document = json!({"root": {"children": [
        {"type": "paragraph", "direction": "rtl", "children": [text("سلام ", 0), text("عليكم", 1)]},
        {"type": "extended-heading", "tag": "h2", "children": [text("見出し", 0)]},
        {"type": "image", "src": "__GHOST_URL__/content/images/a.jpg", "alt": "A", "caption": "<span>撮影: <b>B</b></span>"},
    ]}});
    let export = json!({"db": [{"meta": {"version": "5.80.0"}, "data": {
        "posts": [
            {"id": "p1", "uuid": "u", "title": "見出し *1*", "slug": "midashi", "lexical": document.to_string(),
             "html": "<p>other</p>", "feature_image": "__GHOST_URL__/content/images/f.jpg", "type": "post",
             "status": "published", "visibility": "public", "locale": "ja", "custom_excerpt": "要約 <1>",
             "published_at": "2024-03-05T08:30:00.000Z"},
            {"id": "p2", "title": "About", "type": "page", "status": "published"},
        ],
        "posts_tags": [
            {"post_id": "p1", "tag_id": "t2", "sort_order": 1},
            {"post_id": "p1", "tag_id": "t3", "sort_order": 2},
            {"post_id": "p1", "tag_id": "t1", "sort_order": 0},
        ],
        "tags": [
            {"id": "t1", "name": "News"}, {"id": "t2", "name": "C#", "visibility": "public"},
            {"id": "t3", "name": "#hidden", "visibility": "internal"},
        ],
        "posts_authors": [
            {"post_id": "p1", "author_id": "a2", "sort_order": 1}, {"post_id": "p1", "author_id": "a1", "sort_order": 0},
        ],
        "users": [{"id": "a1", "name": "山田"}, {"id": "a2", "name": "Eva"}],
        "posts_meta": [{"post_id": "p1", "feature_image_alt": "Most", "feature_image_caption": "Foto: <a href='x'>Eva</a>"}],
    }}]});
    let (skipped, stories) = read(&export.to_string());
    let expected = SourceStory {
        key: "post/p1".to_owned(),
        headline: "見出し *1*".to_owned(),
        summary: Some("要約 <1>".to_owned()),
        body: "<div dir=\"rtl\">\n\nسلام **عليكم**\n\n</div>\n\n## 見出し\n\n![A](/content/images/a.jpg)\n\n*撮影: **B***".to_owned(),
        section: Some("News".to_owned()),
        tags: vec!["C#".to_owned()],
        authors: vec!["山田".to_owned(), "Eva".to_owned()],
        language: Some("ja".to_owned()),
        slug: Some("midashi".to_owned()),
        published_at: Some("2024-03-05T08:30:00Z".parse().expect("a time")),
        unpublish_at: None,
        is_draft: false,
        image: Some(SourceImage {
            url: "/content/images/f.jpg".to_owned(),
            alt: Some("Most".to_owned()),
            caption: None,
            credit: Some("Foto: Eva".to_owned()),
        }),
        old_paths: vec!["/midashi/".to_owned()],
        notes: Vec::new(),
    };
    assert_eq!(stories, [Ok(expected)]);
    assert_eq!(skipped, [("page".to_owned(), 1)]);
}

#[test]
fn cards_become_markdown() {
    for (card, expected) in [
        (
            json!({"type": "gallery", "images": [{"src": "/a.jpg", "alt": "A"}, {"src": "/b.jpg"}], "caption": "C"}),
            "![A](/a.jpg)\n\n![](/b.jpg)\n\n*C*",
        ),
        (
            json!({"type": "bookmark", "url": "https://a.example", "metadata": {"title": "A", "description": "D"}}),
            "[A](https://a.example)\\\nD",
        ),
        (
            json!({"type": "embed", "url": "https://v.example/1", "html": "<iframe src=\"https://v.example/e\"></iframe>", "metadata": {"title": "V"}}),
            "<iframe src=\"https://v.example/e\" title=\"V\"></iframe>",
        ),
        (
            json!({"type": "embed", "url": "https://t.example/1", "html": "<blockquote>x</blockquote><script></script>", "metadata": {}}),
            "[https://t.example/1](https://t.example/1)",
        ),
        (
            json!({"type": "callout", "calloutEmoji": "💡", "calloutText": "<p><b>Note</b> x</p>"}),
            "> 💡 **Note** x",
        ),
        (
            json!({"type": "toggle", "heading": "H", "content": "<p>x</p>"}),
            "<details>\n<summary>H</summary>\n\nx\n\n</details>",
        ),
        (
            json!({"type": "html", "html": "<p>x</p><table><tr><th>a</th></tr></table>"}),
            "x\n\n| a |\n| --- |",
        ),
        (json!({"type": "html", "html": "x<!-- y"}), "x"),
        (json!({"type": "markdown", "markdown": "# x\n\n*y* <b>\n"}), "# x\n\n*y* <b>"),
        (
            json!({"type": "codeblock", "code": "a < b\n\nc", "language": "rust", "caption": "C"}),
            "```rust\na < b\n\nc\n```\n\n*C*",
        ),
        (json!({"type": "horizontalrule"}), "***"),
        (json!({"type": "button", "buttonText": "Go", "buttonUrl": "/go"}), "[Go](/go)"),
        (
            json!({"type": "video", "src": "/v.mp4", "fileName": "v.mp4", "caption": "C"}),
            "[v.mp4](/v.mp4)\n\n*C*",
        ),
        (
            json!({"type": "file", "src": "/f.pdf", "fileTitle": "F", "fileCaption": "C"}),
            "[F](/f.pdf)\n\nC",
        ),
        (json!({"type": "header", "heading": "H", "subheading": "S"}), "## H\n\nS"),
        (json!({"type": "aside", "children": [{"type": "text", "text": "q"}]}), "> q"),
        (
            json!({"type": "list", "listType": "number", "start": 3, "children": [
                {"type": "listitem", "children": [{"type": "text", "text": "a"}]},
                {"type": "listitem", "children": [{"type": "list", "listType": "bullet", "children": [
                    {"type": "listitem", "children": [{"type": "link", "url": "/x", "children": [{"type": "text", "text": "b", "format": 18}]}]}]}]},
            ]}),
            "3. a\n   - [*`b`*](/x)",
        ),
    ] {
        assert_eq!(lexical(&json!([card])), expected, "{card}");
    }
}

#[test]
fn cards_that_only_ghost_knows_are_noted() {
    let document =
        json!({"root": {"children": [{"type": "signup"}, {"type": "paywall"}, {"type": "quiz"}]}});
    let story = story(json!({"lexical": document.to_string()}));
    assert_eq!(
        story.notes,
        [
            "a card for signing up was left out",
            "its rest was for members only",
            "a card of the kind quiz was left out",
        ]
    );
}

#[test]
fn mobiledoc_becomes_markdown() {
    let document = json!({
        "version": "0.3.1",
        "atoms": [["soft-return", "", {}]],
        "cards": [["image", {"src": "/a.jpg", "alt": "A", "caption": "C"}], ["card-markdown", {"markdown": "*x*"}]],
        "markups": [["strong"], ["a", ["href", "/x"]]],
        "sections": [
            [1, "p", [[0, [0], 0, "a "], [0, [1], 2, "b"], [1, [], 0, 0], [0, [], 0, "c"]]],
            [10, 0], [3, "ul", [[[0, [], 0, "d"]], [[0, [], 0, "e"]]]], [10, 1], [2, "/b.jpg"],
        ],
    });
    let story = story(json!({"mobiledoc": document.to_string()}));
    assert_eq!(
        story.body,
        "**a [b](/x)**\\\nc\n\n![A](/a.jpg)\n\n*C*\n\n- d\n- e\n\n*x*\n\n![](/b.jpg)"
    );
}

#[test]
fn what_is_not_public_becomes_a_draft() {
    for (fields, is_draft) in [
        (json!({"status": "scheduled"}), false),
        (json!({"status": "draft"}), true),
        (json!({"status": "sent"}), true),
        (json!({"visibility": "members"}), true),
        (json!({"visibility": "paid"}), true),
        (json!({"visibility": "public", "html": "<p>x</p>"}), false),
    ] {
        assert_eq!(story(fields.clone()).is_draft, is_draft, "{fields}");
    }
}

#[test]
fn dates_have_several_forms() {
    for date in [
        json!("2024-03-05T08:30:00.000Z"),
        json!("2024-03-05 08:30:00"),
        json!(1_709_627_400_000_i64),
    ] {
        let story = story(json!({"published_at": date}));
        assert_eq!(
            story.published_at.expect("a date").to_string(),
            "2024-03-05T08:30:00Z",
            "{date}"
        );
    }
}

#[test]
fn a_cut_file_keeps_what_comes_before() {
    let whole =
        json!({"data": {"posts": [{"id": 1, "title": "A"}, {"id": 2, "title": "B"}]}}).to_string();
    let (_, stories) = read(whole.get(..whole.len() - 8).expect("cut"));
    assert_eq!((stories.len(), stories[0].is_ok(), stories[1].is_ok()), (2, true, false));
    assert!(Ghost::open(std::path::Path::new("/nowhere")).is_err());
    assert!(read("[]").1.is_empty() && read("{\"db\": 5}").1.is_empty());
}
