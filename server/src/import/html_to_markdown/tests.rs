//! Tests of the conversion: what it writes, and that it renders to the same words.

use comrak::Options;
use proptest::prelude::*;

use super::*;

fn markdown(html: &str) -> String {
    html_to_markdown(Html { text: html, ..Html::default() }).expect("converted").markdown
}

/// Renders Markdown as stories are rendered.
fn render(markdown: &str) -> String {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.description_lists = true;
    options.extension.alerts = true;
    options.extension.cjk_friendly_emphasis = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(markdown, &options)
}

fn words(html: &str) -> String {
    text_of_html(html).split_whitespace().collect()
}

#[track_caller]
fn assert_same_words(html: &str) {
    let markdown = markdown(html);
    assert_eq!(words(&render(&markdown)), words(html), "{html}\n---\n{markdown}");
}

#[test]
fn html_becomes_markdown() {
    for (html, expected) in [
        (
            "<p>A <b>bold</b> and <i>slanted </i>word, <del>gone</del>.</p>",
            "A **bold** and *slanted* word, ~~gone~~.",
        ),
        ("<h1>One</h1><h2>Two</h2>text", "# One\n\n## Two\n\ntext"),
        ("a<br>b<br/><br>", "a\\\nb"),
        ("<b>a<br></b>\u{a0}", "**a**"),
        ("<p>x</p><hr><p>y", "x\n\n***\n\ny"),
        (
            "<blockquote><p>a</p><p>b</p></blockquote><blockquote>c</blockquote>",
            "> a\n>\n> b\n\n> c",
        ),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol start=\"3\"><li>a</li><li><p>b</p><p>c</p></li></ol>", "3. a\n\n4. b\n\n   c"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ("<ul><li><input type=checkbox checked>a</li></ul>", "- [x] a"),
        (
            "<a href=\"https://a.example/x y(1)\" title='\"T\"'>l</a>",
            "[l](https://a.example/x%20y\\(1\\) \"\\\"T\\\"\")",
        ),
        ("<a href=\"javascript:x()\">l</a>", "l"),
        ("<img src=\"/a.jpg\" alt=\"[A]  b\" title=\"t\">", "![\\[A\\] b](/a.jpg \"t\")"),
        ("<a href=\"/a.jpg\"><img src=\"/a-300x200.jpg\" alt=\"A\"></a>", "![A](/a-300x200.jpg)"),
        ("<a href=\"/b\"><img src=\"/a.jpg\"></a>", "[![](/a.jpg)](/b)"),
        (
            "<figure><img src=/a.jpg alt=A><figcaption>Words <em>of</em> it. <cite>Photo: B</cite></figcaption></figure>",
            "![A](/a.jpg)\n\n*Words of it. <cite>Photo: B</cite>*",
        ),
        (
            "<pre class=\"language-rust\"><code>fn a() {}\n\n// ```\n</code></pre>",
            "````rust\nfn a() {}\n\n// ```\n````",
        ),
        ("<code>a`b</code>", "``a`b``"),
        (
            "H<sub>2</sub>O <kbd>x</kbd> <abbr title=\"T\">t</abbr>",
            "H<sub>2</sub>O <kbd>x</kbd> <abbr title=\"T\">t</abbr>",
        ),
        (
            "<table><thead><tr><th>a|b<th align=right>c</thead><tr><td>1<br>2<td><code>|</code></table>",
            "| a\\|b | c |\n| --- | ---: |\n| 1<br>2 | `\\|` |",
        ),
        (
            "<table><tr><td colspan=2>a</td></tr></table>",
            "<table>\n<tbody>\n<tr><td colspan=\"2\">a</td></tr></tbody></table>",
        ),
        (
            "<iframe src=\"//v.example/1\" title=\"A &quot;film&quot;\" onload=x></iframe>",
            "<iframe src=\"https://v.example/1\" title=\"A &quot;film&quot;\"></iframe>",
        ),
        ("<video controls><source src=\"/a/film.mp4\"></video>", "[film.mp4](/a/film.mp4)"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<dl>\n<dt>a</dt>\n<dd>b</dd></dl>"),
        (
            "<h2 id=one>One</h2><p id=two>x <a href=#one>y</a> <a href=#three>z</a>",
            "## One {#one}\n\nx [y](#one) [z](#three)",
        ),
        ("<p>a<a name=x></a></p><a href=#x>b</a>", "a<a id=\"x\"></a>\n\n[b](#x)"),
        ("<p dir=rtl>ا</p><p dir=rtl>ب</p><p>c</p>", "<div dir=\"rtl\">\n\nا\n\nب\n\n</div>\n\nc"),
        (
            "<details open><summary>S</summary><p>a</p></details>",
            "<details open>\n<summary>S</summary>\n\na\n\n</details>",
        ),
        (
            "x<sup class=fn><a href=#f1 id=f1-link>1</a></sup>.<ol class=wp-block-footnotes><li id=f1>Note <a href=#f1-link class=footnote-backref>↩</a></li></ol>",
            "x[^1].\n\n[^1]: Note",
        ),
        ("<p>東京で<strong>「速報」</strong>です</p>", "東京で<strong>「速報」</strong>です"),
        ("<p>東京で<strong>速報</strong>です</p>", "東京で**速報**です"),
        ("<b><strong>x</strong></b><b>y</b><i>z</i>", "<strong>xy</strong><em>z</em>"),
        ("<script>x</script><style>y</style>z", "z"),
        (
            "<p><img data-src=\"/a.jpg\" src=\"data:x\"><noscript><img src=\"/a.jpg\"></noscript></p><noscript>b</noscript>",
            "![](/a.jpg)\n\nb",
        ),
        ("<div><div>a</div>b</div>", "a\n\nb"),
        ("<p><img src=\"data:image/png;base64,AAAA\">x</p>", "x"),
        ("<pre class=wp-block-verse>a\n b</pre>", "a\\\nb"),
    ] {
        assert_eq!(markdown(html), expected, "{html}");
    }
}

#[test]
fn text_that_looks_like_markdown_stays_text() {
    for text in [
        "*a* _b_ __c__ snake_case `d` [e](f) ![g](h) ~~i~~",
        "# a",
        "#",
        "1. a",
        "1) a",
        "2.",
        "- a",
        "+ a",
        "---",
        "===",
        "> a",
        "| a |",
        ": a",
        "&amp;copy; &lt;b> &lt;!-- x",
        "&amp;#65;",
        "a\\b \\*",
        "[^1]: x",
        "[a]: b",
        "http://a.example/~b_c_*d",
        "www.a.example/[x]",
        "me*@a.example",
        "a*b*c",
        "-- a",
        "[!NOTE] a",
        "[ ] a",
        "+++",
        "```",
        "a {#b}",
        "Hello!<a href=/x>b</a>",
        "a|b<br>---|---",
        "a<br># b<br>1. c<br>- d<br>=<br>> e",
        "4 &lt; 5 > 3",
        "~a~",
        "$x$ ^a^ :b:",
        "<b>a<br></b>b",
        "-",
    ] {
        for html in [
            format!("<p>{text}</p>"),
            format!("<h2>{text}</h2>"),
            format!("<ul><li>{text}</li></ul>"),
            format!("<blockquote>{text}</blockquote>"),
            format!("<table><tr><th>{text}</th></tr></table>"),
            format!("<em>{text}</em>x<b>{text}</b>"),
        ] {
            assert_same_words(&html);
        }
    }
}

#[test]
fn limits_end_the_work() {
    let deep = "<div>".repeat(100_000) + "x";
    let html = Html { text: &deep, ..Html::default() };
    assert!(
        html_to_markdown(html).is_ok_and(|done| done.markdown == "x")
            || html_to_markdown(html).is_err()
    );
    let nested = "<blockquote>".repeat(2_000) + "x";
    assert!(
        html_to_markdown(Html { text: &nested, ..html })
            .is_ok_and(|done| done.markdown.ends_with('x'))
    );
    for bad in [
        "<b>".repeat(100_000),
        "<a><b>".repeat(60_000),
        "<p><i><b>x".repeat(40_000),
        "x".repeat(3_000_000),
    ] {
        let _ = html_to_markdown(Html { text: &bad, ..html });
    }
}

fn inline() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-z]{1,4}",
        "[ -~&&[^<&]]{1,6}",
        Just(" ".to_owned()),
        Just("。".to_owned()),
        prop::sample::select(vec![
            "1. ",
            "- ",
            "# ",
            "+ ",
            "> ",
            "| a |",
            "[x]: y",
            "&amp;copy; ",
            "http://a.example/c_d* ",
            "**",
            "__",
            "~~",
            "***",
            "---",
            "===",
            ": ",
            "&amp;",
            "\\\\",
            "a_b_c",
            "`",
            "``",
            "[^1]",
            "![",
            "](",
            "é",
            "٣",
            "\u{a0}",
            "\u{200d}",
            "(",
            ")",
            "\"",
            "www.a.example ",
            "me@a.example ",
            "\n",
            "{#a}",
            "&lt;br&gt;",
        ])
        .prop_map(str::to_owned),
        Just("「速報」".to_owned()),
        Just("سلام".to_owned()),
        Just("<br>".to_owned()),
        Just("<img src=\"/a.jpg\" alt=\"\">".to_owned()),
        Just("<code>a*b`</code>".to_owned()),
        Just("&lt;b&gt;&amp;lt;".to_owned()),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let names = prop::sample::select(vec![
            "b",
            "i",
            "del",
            "a href=\"/x\"",
            "sup",
            "span",
            "strong",
            "em",
        ]);
        (names, prop::collection::vec(inner, 1..5)).prop_map(|(name, inner)| {
            let end = name.split(' ').next().unwrap_or_default();
            format!("<{name}>{}</{end}>", inner.concat())
        })
    })
}

fn blocks() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(inline(), 1..5).prop_map(|parts| parts.concat());
    let leaf = (prop::sample::select(vec!["p", "h2", "h3", "pre", "div"]), lines)
        .prop_map(|(name, text)| format!("<{name}>{text}</{name}>"));
    leaf.prop_recursive(3, 24, 4, |inner| {
        let inner = prop::collection::vec(inner, 1..4);
        (0..7, inner).prop_map(|(kind, inner)| match kind {
            0 => format!("<blockquote>{}</blockquote>", inner.concat()),
            1 => format!("<ul><li>{}</li></ul>", inner.join("</li><li>")),
            2 => format!("<ol start=\"7\"><li>{}</li></ol>", inner.join("</li><li>")),
            3 => format!("<table><tr><td>{}</td></tr></table>", inner.join("</td><td>")),
            4 => format!("<details><summary>s</summary>{}</details>", inner.concat()),
            5 => format!("<div dir=\"rtl\">{}</div>", inner.concat()),
            _ => format!("<figure>{}<figcaption>c</figcaption></figure>", inner.concat()),
        })
    })
}

proptest! {
    #[test]
    fn lines_render_to_the_same_words(html in prop::collection::vec(inline(), 1..6)) {
        assert_same_words(&format!("<p>{}</p>", html.concat()));
    }

    #[test]
    fn cells_and_headings_render_to_the_same_words(html in prop::collection::vec(inline(), 1..5)) {
        let cells = html.join("</td><td>");
        let heads = "<th>h</th>".repeat(html.len());
        assert_same_words(&format!("<h2>{}</h2><table><tr>{heads}</tr><tr><td>{cells}</td></tr></table>", html.concat()));
    }

    #[test]
    fn blocks_render_to_the_same_words(html in prop::collection::vec(blocks(), 1..4)) {
        assert_same_words(&html.concat());
    }

    #[test]
    fn arbitrary_html_never_panics(html in "(<[a-z]{1,5}( id=\"?[a-z#]{1,3}\"?)?>|</[a-z]{1,4}>|[ -~]{1,4}|\n){0,40}") {
        let _ = html_to_markdown(Html { text: &html, ..Html::default() });
    }
}
