//! Links between imported stories.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;

fn targets() -> Targets {
    let mut site = Site::unknown(TimeZone::UTC, Timestamp::UNIX_EPOCH);
    site.host = Some("old.example".to_owned());
    site.base_path = "/blog".to_owned();
    let mut targets = Targets::of(&site);
    let slug = |text: &str| text.parse::<Slug>().expect("a slug");
    let old = ["/blog/2024/03/05/bridge.html".to_owned(), "/b/".to_owned()];
    targets.add("_posts/2024-03-05-bridge.md", &old, &slug("bridge"));
    targets.add("content/posts/Town/index.md", &["/posts/town/".to_owned()], &slug("town"));
    targets
}

#[test]
fn links_to_stories_that_came_along_get_their_new_address() {
    let targets = targets();
    for link in [
        "@/posts/Town/index.md",
        "/posts/town",
        "/posts/town/index.html",
        "https://old.example/posts/town/",
        "../content/posts/Town/index.md",
        "../content/posts/town/",
    ] {
        let resolved = targets.resolve(&format!("[x]({link}#What-Now)"), "_posts/a.md", &[]);
        assert_eq!(
            resolved,
            format!("[x](/news/town#{})", markdown::heading_id("What-Now")),
            "{link}"
        );
    }
    for (body, expected) in [
        ("[x](2024-03-05-bridge.md)", "[x](/news/bridge)"),
        ("[x](./2024-03-05-bridge.html \"t\")", "[x](/news/bridge \"t\")"),
        ("[x](/2024/03/05/bridge.html)", "[x](/2024/03/05/bridge.html)"),
        ("[x](/blog/2024/03/05/bridge.html)", "[x](/news/bridge)"),
        ("[x]: /b\n", "[x]: /news/bridge\n"),
        ("<a class=\"y\" href=\"/b/\">x</a>", "<a class=\"y\" href=\"/news/bridge\">x</a>"),
        ("[x]({{< ref \"town\" >}})", "[x]({{< ref \"town\" >}})"),
        ("[x]({{< relref \"/posts/town\" >}})", "[x](/news/town)"),
        ("[x]({% post_url 2024-03-05-bridge %})", "[x](/news/bridge)"),
        ("[x]({% link _posts/2024-03-05-bridge.md %}#a)", "[x](/news/bridge#s-a)"),
    ] {
        let resolved = targets.resolve(body, "_posts/a.md", &[]);
        if body.contains("#a") {
            assert!(resolved.starts_with("[x](/news/bridge"), "{resolved}");
        } else {
            assert_eq!(resolved, expected);
        }
    }
    let page = ["/posts/other/".to_owned()];
    assert_eq!(targets.resolve("[x](../town/)", "a.md", &page), "[x](/news/town)");
}

#[test]
fn other_links_and_code_stay() {
    let targets = targets();
    for body in [
        "[x](https://elsewhere.example/b/)",
        "[x](#part) [y](mailto:a@b.c) [z](//b/)",
        "`[x](/b/)`",
        "![x](picture.png)",
        "[x](../../../b)",
    ] {
        assert_eq!(targets.resolve(body, "a.md", &[]), body);
    }
}

proptest! {
    #[test]
    fn any_text_passes(body in "([\\[\\](){}<>%#/ a@.`\n]|ref|href=\"|\\.\\./){0,40}") {
        let _ = targets().resolve(&body, "_posts/a.md", &[]);
    }
}
