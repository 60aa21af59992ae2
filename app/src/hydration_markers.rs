//! The comments that Leptos writes between dynamic parts, so that the browser finds them again.
//!
//! It writes them as `<!>`, which is a parse error. Only islands are hydrated, so that the rest of
//! a page needs none of them.

/// Marker as Leptos writes it. Parsers make an empty comment of it.
const MARKER: &str = "<!>";
/// The same empty comment, written as the standard requires.
const VALID_MARKER: &str = "<!---->";
const COMMENT_START: &str = "<!--";
const COMMENT_END: &str = "-->";
const ISLAND: &str = "leptos-island";

/// Markup with markers for islands only.
pub(crate) struct Tidied {
    pub(crate) html: String,
    pub(crate) has_islands: bool,
}

/// Removes the markers outside islands, and writes those inside as valid comments.
///
/// Texts cannot contain what looks like one: Leptos escapes them, bodies of stories are cleaned,
/// and JSON-LD has no `<`. Values of attributes are skipped, since cleaning leaves `<` in them.
pub(crate) fn tidy(html: &str) -> Tidied {
    let mut tidied = String::with_capacity(html.len() + html.len() / 16);
    let (mut has_islands, mut depth) = (false, 0_usize);
    // What is kept is copied in runs as long as possible.
    let (mut copied, mut at) = (0, 0);
    while let Some(rest) = from_next_tag(html, at) {
        let start = html.len() - rest.len();
        let tag = rest.get(..end_of_tag(rest)).unwrap_or(rest);
        at = start + tag.len();
        if is_island(tag, "</") {
            depth = depth.saturating_sub(1);
        } else if is_island(tag, "<") {
            has_islands = true;
            depth += 1;
        }
        let replacement = match (tag, depth) {
            (MARKER, 0) => "",
            (MARKER, _) => VALID_MARKER,
            (tag, 0) if tag.starts_with(COMMENT_START) => "",
            _ => continue,
        };
        tidied.push_str(html.get(copied..start).unwrap_or_default());
        tidied.push_str(replacement);
        copied = at;
    }
    tidied.push_str(html.get(copied..).unwrap_or_default());
    Tidied { html: tidied, has_islands }
}

/// Returns what follows a position, from the next tag on.
fn from_next_tag(html: &str, at: usize) -> Option<&str> {
    let rest = html.get(at..)?;
    rest.get(rest.find('<')?..)
}

fn is_island(tag: &str, start: &str) -> bool {
    let name = tag.strip_prefix(start).and_then(|tag| tag.strip_prefix(ISLAND));
    // Not the start of a longer name.
    name.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'))
}

/// Returns the length of the tag or comment at the start of `html`.
fn end_of_tag(html: &str) -> usize {
    if html.starts_with(COMMENT_START) {
        return html.find(COMMENT_END).map_or(html.len(), |at| at + COMMENT_END.len());
    }
    // A sign before text, as in "a < b", is no tag.
    if !html.starts_with("</") && !html.get(1..).is_some_and(starts_name) {
        return 1;
    }
    let mut rest = html;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'>' | b'"' | b'\'')) {
        let after = rest.get(at + 1..).unwrap_or_default();
        // `find` looks at several bytes at a time, and most bytes of a page are in values.
        let end_of_value = match rest.as_bytes().get(at) {
            Some(b'"') => after.find('"'),
            Some(b'\'') => after.find('\''),
            _ => return html.len() - after.len(),
        };
        let Some(end) = end_of_value else { break };
        rest = after.get(end + 1..).unwrap_or_default();
    }
    html.len()
}

fn starts_name(html: &str) -> bool {
    html.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markers_go_outside_islands_and_become_comments_inside() {
        for (html, expected) in [
            ("<p>a<!>b<!></p><!>", "<p>ab</p>"),
            ("a <!--hot-reload|x|open-->b", "a b"),
            ("<title>a<!>b</title>", "<title>ab</title>"),
            (
                "x<!><leptos-island data-component=\"E\"><b>1<!>2</b><!></leptos-island><!>y",
                "x<leptos-island data-component=\"E\"><b>1<!---->2</b><!----></leptos-island>y",
            ),
            (
                "<leptos-island><leptos-island><!></leptos-island><!></leptos-island><!>",
                "<leptos-island><leptos-island><!----></leptos-island><!----></leptos-island>",
            ),
            ("<leptos-islands><!></leptos-islands>", "<leptos-islands></leptos-islands>"),
            ("<img alt=\"<!> > '<!>\" title='\"<!>'><!>", "<img alt=\"<!> > '<!>\" title='\"<!>'>"),
            ("<pre><code>&lt;!&gt;<!></code></pre>", "<pre><code>&lt;!&gt;</code></pre>"),
            ("<!DOCTYPE html><html><!></html>", "<!DOCTYPE html><html></html>"),
            (
                "<script>\"it's\" + {\"a\":\"\\u003c!>\"}</script><!>",
                "<script>\"it's\" + {\"a\":\"\\u003c!>\"}</script>",
            ),
            ("cut <a href=\"x", "cut <a href=\"x"),
            ("", ""),
        ] {
            assert_eq!(tidy(html).html, expected);
        }
    }

    /// A piece of a page, and what remains of it outside and inside an island.
    fn piece() -> impl Strategy<Value = (String, String, String)> {
        let same = |text: String| (text.clone(), text.clone(), text);
        prop_oneof![
            Just(("<!>".to_owned(), String::new(), "<!---->".to_owned())),
            Just(same("<textarea>\n&lt;!&gt;</textarea>".to_owned())),
            "[a-zé橋&;>\"'/ \n]{0,9}".prop_map(same),
            "[a-z<>!\u{e9}' -]{0,9}".prop_map(move |value| same(format!("<i title=\"{value}\">"))),
            "[a-z<>!\" -]{0,9}".prop_map(move |value| same(format!("<b title='{value}'/>"))),
        ]
    }

    proptest! {
        #[test]
        fn nothing_else_changes(
            before in prop::collection::vec(piece(), 0..9),
            inside in prop::collection::vec(piece(), 0..9),
            after in prop::collection::vec(piece(), 0..9),
        ) {
            let join = |pieces: &[(String, String, String)], which: fn(&(String, String, String)) -> &str| {
                pieces.iter().map(which).collect::<String>()
            };
            let page = |outer: fn(&(String, String, String)) -> &str, inner: fn(&(String, String, String)) -> &str| {
                let [before, after] = [&before, &after].map(|pieces| join(pieces, outer));
                let inside = join(&inside, inner);
                format!("{before}<leptos-island data-x=\"<!>\">{inside}</leptos-island>{after}")
            };
            let tidied = tidy(&page(|it| &it.0, |it| &it.0)).html;
            prop_assert_eq!(&tidied, &page(|it| &it.1, |it| &it.2));
            // Valid markup is left as it is, so that tidying twice changes nothing.
            prop_assert_eq!(tidy(&tidied).html, tidied);
        }

        #[test]
        fn any_text_is_taken(text in any::<String>()) {
            let _ = tidy(&text);
        }
    }
}
