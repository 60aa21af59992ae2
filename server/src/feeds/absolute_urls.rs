//! Absolute URLs in the text of a story: in a feed there is no page that they could be relative to.

/// Makes the URLs in clean HTML absolute. Such HTML has its attributes in double quotes, and no `<`
/// outside of tags.
pub(super) fn absolute_urls(html: &str, site_url: &str, page_url: &str) -> String {
    let base = Base { site_url, page_url };
    let mut result = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((text, tag)) = rest.split_once('<') {
        result.push_str(text);
        result.push('<');
        rest = base.push_tag(&mut result, tag);
    }
    result.push_str(rest);
    result
}

struct Base<'a> {
    site_url: &'a str,
    page_url: &'a str,
}

impl Base<'_> {
    /// Appends a tag without its `<`, and returns the text after it.
    fn push_tag<'h>(&self, result: &mut String, tag: &'h str) -> &'h str {
        let mut rest = tag;
        loop {
            // A quote before the end of the tag begins the value of an attribute.
            let end = rest.find('>').unwrap_or(rest.len());
            match rest.split_once('"') {
                Some((before, value)) if before.len() < end => {
                    result.push_str(before);
                    result.push('"');
                    let (value, after) = value.split_once('"').unwrap_or((value, ""));
                    let name = before.rsplit(char::is_whitespace).next().unwrap_or(before);
                    self.push_value(result, name.trim_end_matches('='), value);
                    result.push('"');
                    rest = after;
                }
                Some(_) | None => return rest,
            }
        }
    }

    fn push_value(&self, result: &mut String, name: &str, value: &str) {
        match name {
            "href" | "src" | "cite" | "poster" => self.push_url(result, value),
            "srcset" => {
                for (number, candidate) in value.split(", ").enumerate() {
                    result.push_str(if number == 0 { "" } else { ", " });
                    self.push_url(result, candidate);
                }
            }
            _ => result.push_str(value),
        }
    }

    fn push_url(&self, result: &mut String, url: &str) {
        if url.starts_with('#') {
            result.push_str(self.page_url);
        } else if url.starts_with('/') && !url.starts_with("//") {
            result.push_str(self.site_url);
        }
        result.push_str(url);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn absolute(html: &str) -> String {
        absolute_urls(html, "https://gazette.example", "https://gazette.example/news/a")
    }

    #[test]
    fn paths_and_fragments_get_an_origin() {
        for (html, expected) in [
            ("<a href=\"/news/b\">b</a>", "<a href=\"https://gazette.example/news/b\">b</a>"),
            ("<a href=\"#s-x\">x</a>", "<a href=\"https://gazette.example/news/a#s-x\">x</a>"),
            (
                "<img alt=\"a > b\" src=\"/i.jpg\" srcset=\"/i-1.jpg 320w, /i-2.jpg 640w\">",
                "<img alt=\"a > b\" src=\"https://gazette.example/i.jpg\" srcset=\"https://gazette.\
                 example/i-1.jpg 320w, https://gazette.example/i-2.jpg 640w\">",
            ),
        ] {
            assert_eq!(absolute(html), expected);
        }
    }

    #[test]
    fn everything_else_stays() {
        for html in [
            "",
            "A \"quote\" with href=\"/x\" in it.",
            "<p title=\"/x\">a</p>",
            "<a href=\"https://example.org/x\">b</a><a href=\"mailto:a@b.example\">c</a>",
            "<a href=\"//other.example/\">b</a>",
            "<pre>&lt;a href=\"/x\"&gt;</pre>",
            "<br>\"/x\"<hr>",
            "<a href=\"",
            "<",
        ] {
            let expected = if html.ends_with("=\"") { "<a href=\"\"" } else { html };
            assert_eq!(absolute(html), expected);
        }
    }

    proptest! {
        #[test]
        fn clean_html_has_the_same_text_and_no_relative_url(
            markup in "(<(a href|img src|q cite|p title)=\"[/#a-z:\"<>&]{0,6}\">|[a-z<>\"/ ]{0,5}){0,8}"
        ) {
            let clean = ammonia::Builder::default()
                .url_relative(ammonia::UrlRelative::PassThrough)
                .clean(&markup)
                .to_string();
            let once = absolute(&clean);
            prop_assert_eq!(&absolute(&once), &once);
            // It is as clean as before.
            let again = ammonia::Builder::default()
                .url_relative(ammonia::UrlRelative::PassThrough)
                .clean(&once)
                .to_string();
            prop_assert_eq!(&again, &once);
            let short = once.replace("https://gazette.example/news/a#", "#");
            let clean = clean.replace("https://gazette.example/news/a#", "#");
            prop_assert_eq!(short.replace("https://gazette.example", ""), clean);
        }
    }
}
