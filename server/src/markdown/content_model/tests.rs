//! Elements, and where they go.

use proptest::prelude::*;

use super::*;
use crate::markdown::clean::CLEANER;

fn text_of(html: &str) -> String {
    let texts = pieces(html).filter_map(|piece| match piece {
        Piece::Text(text) => Some(text),
        Piece::Open(_) | Piece::Close(_) => None,
    });
    texts.flat_map(str::split_whitespace).collect()
}

proptest! {
    #[test]
    fn no_text_is_lost_and_the_second_time_changes_nothing(
        parts in prop::collection::vec(
            prop::sample::select(&[
                "a", "b ", "<p>", "</p>", "<span>", "</span>", "<b>", "<ul>", "</ul>", "<li>",
                "<ol>", "<dl>", "</dl>", "<dt>", "<dd>", "<details>", "</details>", "<summary>",
                "</summary>", "<figure>", "</figure>", "<figcaption>", "</figcaption>", "<pre>",
                "</pre>", "<h2>", "</h2>", "<div>", "</div>", "<a href=\"/x\">", "</a>", "<table>",
                "<tr>", "<th>", "<td>", "</table>", "<ruby>", "<rt>", "</ruby>", "<br>", "<hr>",
                "<img src=\"/x\" alt=\"\">", "<blockquote>", "</blockquote>", "<del>", "</del>",
                "<section>", "</section>", "<input type=\"checkbox\">",
            ][..]),
            0..40,
        )
    ) {
        let clean = CLEANER.clean(&parts.concat()).to_string();
        let html = apply(&clean);
        prop_assert_eq!(&apply(&html), &html, "{}", clean);
        // A summary moves before what stands above it.
        let sorted = |html: &str| {
            let mut letters: Vec<char> = text_of(&html.replace(SUMMARY, "")).chars().collect();
            letters.sort_unstable();
            letters
        };
        prop_assert_eq!(sorted(&html), sorted(&clean), "{}", clean);
    }
}

#[test]
fn elements_go_where_they_may_be() {
    for (html, expected) in [
        ("<span><p>a</p></span>", "<div><p>a</p></div>"),
        ("<b>x<p>a</p></b>", "x<p>a</p>"),
        ("<a href=\"/x\"><p>a</p></a>", "<a href=\"/x\"><p>a</p></a>"),
        ("<h2><div>a</div><div>b</div></h2>", "<h2> a b</h2>"),
        ("<pre><div>a</div><div>b</div></pre>", "<pre>\na\nb</pre>"),
        (
            "<ul>x<b>y</b><li>a</li><ul><li>b</li></ul></ul>",
            "<ul><li>x<b>y</b></li><li>a</li><li><ul><li>b</li></ul></li></ul>",
        ),
        ("<li>a</li><dd>b</dd>", "<div>a</div><div>b</div>"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<dl><dd>b</dd></dl>", "<div><div>b</div></div>"),
        (
            "<details><p>a</p><summary>b</summary></details>",
            "<details><summary>b</summary><p>a</p></details>",
        ),
        ("<details>a</details>", "<details><summary>Details</summary>a</details>"),
        (
            "<details> <summary>a</summary>b<summary>c</summary></details>",
            "<details> <summary>a</summary>b<div>c</div></details>",
        ),
        ("<summary>a</summary><figcaption>b</figcaption>", "<div>a</div><div>b</div>"),
        ("<figure>a<figcaption>b</figcaption>c</figure>", "<figure>a<div>b</div>c</figure>"),
        (
            "<figure><img alt=\"\"><figcaption>b</figcaption></figure>",
            "<figure><img alt=\"\"><figcaption>b</figcaption></figure>",
        ),
        (
            "<p><ruby>漢<rt>kan</rt></ruby><rt>x</rt><ruby>y</ruby></p>",
            "<p><ruby>漢<rt>kan</rt></ruby>xy</p>",
        ),
        (
            "<table><tr><th><h2>a</h2></th></tr></table>",
            "<table><tr><th><p>a</p></th></tr></table>",
        ),
        ("<b>x<table><tr><td>a</td></tr></table></b>", "x<table><tr><td>a</td></tr></table>"),
        ("<h2></h2><h3> <br></h3><h2>a</h2>", "<h2>a</h2>"),
        ("<p>a<br>b &lt;p></p><hr>", "<p>a<br>b &lt;p></p><hr>"),
        (
            "<a href=\"/x\"><details><summary>s</summary>t</details></a>",
            "<a href=\"/x\"><div><div>s</div>t</div></a>",
        ),
    ] {
        assert_eq!(apply(html), expected, "{html}");
        assert_eq!(apply(expected), expected, "twice: {html}");
    }
}
