//! What Markdown and the HTML in it become.

use std::collections::HashSet;

use proptest::prelude::*;

use super::to_html;
use crate::markdown::pictures::{PictureFacts, Pictures, StoredPictures};
use crate::markdown::scan::{Piece, pieces};
use crate::markdown::{excerpt, render};
use crate::percent_decoded::percent_decoded;

/// Returns the links within a story that have no target.
fn dead_links(html: &str) -> Vec<String> {
    let (mut ids, mut links) = (HashSet::new(), Vec::new());
    for piece in pieces(html) {
        let Piece::Open(tag) = piece else { continue };
        ids.extend(tag.attribute("id"));
        links.extend(
            tag.attribute("href").and_then(|href| href.strip_prefix('#').map(str::to_owned)),
        );
    }
    // Browsers decode the name of a target.
    links.retain(|link| !ids.contains(&*percent_decoded(link)));
    links
}

#[test]
fn every_link_within_a_story_reaches_its_heading() {
    for (link, target) in [
        ("<a href=\"#what-now\">x</a>", "## What now"),
        ("[x](#What-Now)", "## What now"),
        ("[x](#own)", "## Other words {#own}"),
        ("[x](#other-words)", "## Other words {#own}"),
        ("[x](#own)", "## Other words {#own .class key=\"a b\"}"),
        ("[x](#own)", "## **Other** {: #own}"),
        ("[x](#own)", "## **Other**\n{: #own .class}"),
        ("[x](#own)", "Other\n=====\n{:#own}"),
        ("[x](#own)", "A paragraph.\n{: #own}"),
        ("[x](#own)", "## Other {/* #own */}"),
        ("[x](#here)", "<a id=\"here\"></a>"),
        ("[x](#Here)", "<a name=\"here\"></a>"),
        ("[x](#here)", "<h1 id=\"here\">Loud</h1>"),
        ("[x](#loud)", "<h3>Loud</h3>"),
        ("[x](#here)", "<p id=\"Here\">Text</p>"),
        ("[x](#here)", "<div id=\"here\">Text</div>"),
        ("[x](#here)", "<span id=\"here\">Text</span>"),
        ("[x](#наслідки)", "## Наслідки"),
        ("[x](#%D0%9D%D0%B0%D1%81%D0%BB%D1%96%D0%B4%D0%BA%D0%B8)", "## Наслідки"),
        ("[x](#橋の開通)", "## 橋の開通"),
        ("[x](#نتائج)", "## نتائج"),
        ("[x](#1-whats-new)", "## 1. What's new?"),
        ("[x](#whats-new)", "## 1. What's new?"),
        ("[x](#what-s-new)", "## What's new?"),
        ("[x](#user-content-new)", "## New"),
        ("[x](#gre-n)", "## Größe &amp; n"),
        ("[x](#a--b)", "## A & B"),
        ("[x](#a-b)", "## A & B"),
        ("[x](#code_and-emphasis)", "## `code_and` *emphasis*"),
    ] {
        let html = to_html(&format!("{link}\n\n{target}\n"));
        assert!(html.contains("href=\"#s-"), "{link} {target}: {html}");
        assert_eq!(dead_links(&html), [""; 0], "{link} {target}: {html}");
        assert!(!html.contains('{'), "{html}");
    }
}

#[test]
fn a_link_without_a_target_becomes_words() {
    for dead in ["[Go on](#nowhere)", "<a href=\"#nowhere\">Go on</a>", "[Go on](#)"] {
        let html = to_html(&format!("{dead} now"));
        assert_eq!(html.trim(), "<p>Go on now</p>");
    }
    let html = to_html("A[^1] [x](#fn-1)\n\n[^1]: Note");
    assert!(html.contains("id=\"fn-1\"") && html.contains("href=\"#fnref-1\""), "{html}");
    assert_eq!(dead_links(&html), [""; 0]);
    // An id is given once.
    let html = to_html("<a id=\"two\"></a>\n\n## Two\n\n## Two\n");
    assert_eq!(html.matches("id=\"s-two\"").count(), 1, "{html}");
}

#[test]
fn attributes_in_braces_leave_the_text() {
    for (markdown, html) in [
        ("[x](/a){:target=\"_blank\"} b", "<a href=\"/a\" rel=\"noopener noreferrer\">x</a> b"),
        ("Text\n{: .note}", "<p>Text</p>"),
        ("## Bare {.unnumbered}", "<h2 id=\"s-bare\">Bare</h2>"),
        ("Set {a, b} and {#if}", "<p>Set {a, b} and {#if}</p>"),
    ] {
        assert!(to_html(markdown).contains(html), "{}", to_html(markdown));
    }
    assert_eq!(to_html("* Contents\n{:toc}").trim(), "");
}

#[test]
fn headings_begin_at_level_two() {
    for loud in
        ["# Loud", "Loud\n====", "<h1>Loud</h1>", "<div><H1 class=x>Loud</H1></div>", "> # Loud"]
    {
        let html = to_html(loud);
        assert!(html.contains("<h2") && html.contains("</h2>"), "{html}");
        assert!(!html.to_lowercase().contains("h1"), "{html}");
    }
}

#[test]
fn frames_and_films_become_links() {
    for (markdown, html) in [
        (
            "<iframe src=\"https://www.youtube.com/embed/x\" title=\"The bridge\"></iframe>",
            "href=\"https://www.youtube.com/watch?v=x\" rel=\"noopener noreferrer\">The bridge</a>",
        ),
        ("<iframe src=\"//www.youtube.com/embed/x\"></iframe>", ">Video on youtube.com</a>"),
        ("<iframe src=\"https://player.vimeo.com/video/1\" />\n\nMore", ">Video on vimeo.com</a>"),
        (
            "<video controls><source src=\"https://a.example/x.mp4\">No.</video> x",
            ">Video on a.example</a>",
        ),
        ("<video src=\"https://a.example/x.mp4\">\n\nMore", ">Video on a.example</a>"),
        ("<audio src=\"https://a.example/x.mp3\"></audio>", ">Audio on a.example</a>"),
        ("<embed src=\"https://a.example/x\">", ">Content on a.example</a>"),
        ("<object data=\"https://a.example/x\"><p>No.</p></object>", ">Content on a.example</a>"),
    ] {
        let found = to_html(markdown);
        assert!(found.contains(html) && !found.contains("No."), "{found}");
        assert_eq!(found.contains("More"), markdown.contains("More"), "{found}");
    }
}

#[test]
fn pictures_from_elsewhere_are_never_empty() {
    for (markdown, html) in [
        ("<img src=\"https://a.example/a.png\" alt=\"The harbour\">", ">The harbour</a>"),
        ("![](https://a.example/a.png \"At dawn\")", ">At dawn</a>"),
        ("![](https://www.a.example/a.png)", ">Picture on a.example</a>"),
        (
            "<picture><source srcset=\"x.webp\"><img src=\"//a.example/a.png\"></picture>",
            ">Picture on a.example</a>",
        ),
        (
            "<img src=\"data:image/gif,x\" data-src=\"https://a.example/a.png\" alt=\"Late\">",
            ">Late</a>",
        ),
        ("[![](a.png)](https://b.example)", ">Picture</em></a>"),
        ("<img src=\"a.png\" alt=\"Words\">", ">Words</em>"),
        ("<img src=\"/auth/login\" alt=\"Words\">", ">Words</em>"),
    ] {
        let found = to_html(markdown);
        assert!(found.contains(html) && !found.contains("<img"), "{found}");
    }
}

struct OnePicture;

impl Pictures for OnePicture {
    fn facts(&self, url: &str) -> Option<PictureFacts> {
        let srcset = "/pictures/a-320.jpg 320w".to_owned();
        (url == "/pictures/a.jpg").then_some(PictureFacts { width: 640, height: 480, srcset })
    }
}

#[test]
fn pictures_on_this_site_load_late() {
    let html = to_html("![A](/pictures/a.jpg)");
    assert_eq!(
        html.trim(),
        "<p><img src=\"/pictures/a.jpg\" alt=\"A\" loading=\"lazy\" decoding=\"async\"></p>"
    );
    let html = render::render("![A](/pictures/a.jpg)", &OnePicture).expect("renders").html;
    assert!(
        html.contains(" width=\"640\" height=\"480\" srcset=\"/pictures/a-320.jpg 320w\" sizes="),
        "{html}"
    );
}

#[test]
fn a_picture_with_the_origin_of_this_site_is_one_of_this_site() {
    let path = format!("/images/{}-640x480.png", "0a".repeat(16));
    let pictures = StoredPictures::of("https://news.example");
    let html =
        |url: &str| render::render(&format!("![A]({url})"), &pictures).expect("renders").html;
    let own = html(&format!("https://news.example{path}"));
    assert_eq!(own, html(&path));
    assert!(own.contains("<img ") && !own.contains("news.example"), "{own}");
    for url in [
        "https://news.example.evil.example/a.png",
        "https://news.example@evil.example/a",
        "https://news.example//evil.example/a.png",
    ] {
        assert!(html(url).contains(&format!("href=\"{url}\"")), "{url}: {}", html(url));
    }
}

#[test]
fn the_name_of_a_stored_picture_tells_its_sizes() {
    let path = format!("/images/{}-640x480.png", "0a".repeat(16));
    let render = |markdown: &str| {
        render::render(markdown, &StoredPictures::default()).expect("renders").html
    };
    let html = render(&format!("![A]({path})"));
    let srcset = format!("/images/{}-320x240.png 320w, {path} 640w", "0a".repeat(16));
    let facts = format!(" width=\"640\" height=\"480\" srcset=\"{srcset}\" sizes=\"(");
    assert!(html.contains(&facts), "{html}");
    let html = render("![A](/pictures/a-640x480.png) ![B](/images/b-640x480.png)");
    assert!(!html.contains("srcset") && !html.contains("width"), "{html}");
    assert_eq!(html.matches("<img").count(), 1, "B is the name of no stored picture: {html}");
    let html = render(&format!("<img src=\"{path}\" width=\"20\" alt=\"A\">"));
    assert!(html.contains("width=\"20\"") && !html.contains("640\" h"), "{html}");
    let many = render(&format!("![]({path})").repeat(2_000));
    assert_eq!(many.matches("<img").count(), 2_000, "a gallery loses its sizes only");
}

#[test]
fn directions_and_languages_are_kept() {
    let html = to_html(
        "<p dir=\"rtl\" lang=\"he\">נפתח.</p>\n\n<span dir=\"ltr\">x</span> <b dir=\"sideways\" lang=\"a&quot;b\">y</b>",
    );
    assert!(html.contains("<p dir=\"rtl\" lang=\"he\">"), "{html}");
    assert!(html.contains("<span dir=\"ltr\">x</span> <b>y</b>"), "{html}");
    let html = to_html("> [!NOTE]\n> נפתח");
    assert!(html.contains("markdown-alert-note\" dir=\"rtl\">"), "{html}");
    let html = to_html("- נפתח\n\n> נפתח\n\n| נפתח |\n|-|\n| 1 |\n");
    for part in ["<ul dir=\"rtl\">", "<li>", "<blockquote dir=\"rtl\">", "<th dir=\"rtl\">"] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn emphasis_beside_full_width_punctuation() {
    for (markdown, strong) in [
        ("これは**「重要」**です。", "「重要」"),
        ("**真，**她。", "真，"),
        ("**この文は重要です。**但这", "この文は重要です。"),
        ("이것은 **\"중요\"**합니다.", "\"중요\""),
        ("한국어**(굵게)**입니다", "(굵게)"),
    ] {
        let html = to_html(markdown);
        assert!(html.contains(&format!("<strong>{strong}</strong>")), "{html}");
    }
}

#[test]
fn code_keeps_its_language_and_is_marked_by_classes() {
    for (markdown, part) in [
        (
            "```rust,ignore\nlet a: Vec<u8> = b'x'; // y\n```",
            "<code class=\"language-rust\"><span class=\"hl-k\">let</span> a: <span class=\"hl-t\">Vec</span>&lt;u8&gt;",
        ),
        (
            "```{.python #x}\ndef f(): return \"a\"\n```",
            "<code class=\"language-python\"><span class=\"hl-k\">def</span> <span class=\"hl-f\">f</span>():",
        ),
        (
            "```json\n{\"a\": \"b\"}\n```",
            "{<span class=\"hl-a\">\"a\"</span>: <span class=\"hl-s\">\"b\"</span>}",
        ),
        (
            "```html\n<a href=\"x\">y</a>\n```",
            "<span class=\"hl-k\">&lt;a</span> <span class=\"hl-a\">href</span>=<span class=\"hl-s\">\"x\"</span>",
        ),
        (
            "```diff\n+a\n-b\n```",
            "<span class=\"hl-i\">+a\n</span><span class=\"hl-d\">-b\n</span>",
        ),
        ("```unknown-1\nlet a\n```", "<code class=\"language-unknown-1\">let a\n"),
        ("<pre><code class=\"x language-c++ y\">a</code></pre>", "<code class=\"language-c++\">a"),
    ] {
        let html = to_html(markdown);
        assert!(html.contains(part), "{html}");
    }
    let long = format!("```rust\n{}```", "let a = 1;\n".repeat(4_000));
    assert!(!to_html(&long).contains("hl-k"));
}

const WHOLE: &str = include_str!("whole.md");

#[test]
fn the_whole_of_markdown() {
    assert_eq!(to_html(WHOLE), include_str!("whole.html"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_body_becomes_unsafe(
        parts in proptest::collection::vec(0..PARTS.len(), 0..30),
        text in "\\PC{0,20}",
    ) {
        let body: String = parts.iter().map(|part| PARTS[*part]).collect::<Vec<_>>().join("");
        let body = body.replace('@', &text);
        let html = to_html(&body);
        prop_assert_eq!(dead_links(&html), [""; 0], "{}", html);
        let mut ids = HashSet::new();
        for piece in pieces(&html) {
            let Piece::Open(tag) = piece else { continue };
            prop_assert!(!["h1", "script", "iframe", "style", "video", "object"].contains(&tag.name));
            prop_assert!(tag.name != "img" || tag.attribute("src").is_some_and(|src| src.starts_with('/')));
            for (name, value) in tag.attributes() {
                prop_assert!(!name.starts_with("on") && name != "style", "{}", html);
                prop_assert!(!value.trim_start().starts_with("javascript:"));
                if name == "id" {
                    prop_assert!(value.starts_with("s-") || value.starts_with("fn"), "{}", html);
                    prop_assert!(ids.insert(value.to_owned()), "{}", html);
                }
            }
        }
        excerpt(&body);
    }
}

/// Parts of generated bodies; `@` is any text.
const PARTS: [&str; 46] = [
    "@",
    " ",
    "\n",
    "\n\n",
    "# ",
    "## ",
    "> ",
    "- ",
    "{#a}",
    "{: #a}",
    "{:toc}",
    "[x](#a)",
    "[@](#@)",
    "<a href=\"#a\">",
    "<a id=\"main\">",
    "<a name=@>",
    "</a>",
    "<h1 id=b>",
    "</h1>",
    "<p id=\"@\">",
    "<div>",
    "</div>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"/a.png\" alt='@'>",
    "<img src=\"https://a.example/@\">",
    "![@](/b.png)",
    "![](javascript:alert(1))",
    "[y](javascript:alert(1))",
    "<iframe src=\"https://youtube.com/embed/x\">",
    "</iframe>",
    "<video title=\"@\">",
    "</video>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<svg>",
    "<b onclick=x style=y>",
    "</b>",
    "```rust\n",
    "`",
    "<span class=\"hl-k\" id=s-a>",
    "<table><td>",
    "[^1]",
    "\n[^1]: @\n",
    "<!--",
];
