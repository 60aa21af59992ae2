//! The HTML that is allowed in a story.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::elements::{ALIGNMENTS, MEDIA_CLASS};
use super::highlight::{CLASSES, LANGUAGE_CLASS};
use super::ids::{ID_PREFIX, is_footnote, normalized};
use super::url::{is_local, is_relative, is_sign_in, is_web, valid_url};

/// Elements that may be the target of a link.
const TARGETS: [&str; 38] = [
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "blockquote",
    "caption",
    "cite",
    "code",
    "dd",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "sup",
    "table",
    "td",
    "tr",
    "ul",
];
/// Longest language tag.
const MAX_LANGUAGE_LENGTH: usize = 35;

/// Removes everything that is not allowed in a story.
pub(super) static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    for element in TARGETS {
        cleaner.add_tag_attributes(element, ["id"]);
    }
    cleaner
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .add_tags(["section", "input"])
        .rm_tags(OBSOLETE)
        .add_clean_content_tags(["noscript"])
        .add_generic_attributes(["dir"])
        .add_tag_attributes("input", ["checked", "disabled"])
        .add_tag_attributes("code", ["class"])
        .add_allowed_classes("section", ["footnotes"])
        .add_allowed_classes("sup", ["footnote-ref"])
        .add_allowed_classes("a", ["footnote-backref", MEDIA_CLASS])
        .add_allowed_classes("em", [MEDIA_CLASS])
        .add_allowed_classes("ul", ["contains-task-list"])
        .add_allowed_classes("ol", ["contains-task-list"])
        .add_allowed_classes("li", ["task-list-item"])
        .add_allowed_classes("p", ["markdown-alert-title"])
        .add_allowed_classes("div", ALERT_CLASSES)
        .add_allowed_classes("span", CLASSES)
        .add_allowed_classes("td", ALIGNMENTS.map(|(_, class)| class))
        .add_allowed_classes("th", ALIGNMENTS.map(|(_, class)| class))
        .tag_attribute_values(HashMap::from([(
            "input",
            HashMap::from([("type", HashSet::from(["checkbox"]))]),
        )]))
        .set_tag_attribute_value("input", "disabled", "")
        .attribute_filter(filter);
    cleaner
});

/// Elements that are obsolete, or make no sense in a story.
const OBSOLETE: [&str; 12] = [
    "acronym", "area", "center", "data", "footer", "header", "hgroup", "map", "nav", "rtc", "time",
    "tt",
];

const ALERT_CLASSES: [&str; 6] = [
    "markdown-alert",
    "markdown-alert-note",
    "markdown-alert-tip",
    "markdown-alert-important",
    "markdown-alert-warning",
    "markdown-alert-caution",
];

/// Returns the value that an allowed attribute gets, or `None` to remove it.
#[expect(clippy::match_same_arms, reason = "the first rule that fits decides")]
fn filter<'a>(element: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
    match (element, attribute) {
        ("img", "src") if !is_local(value) || is_sign_in(value) => None,
        // A relative URL pointed to a file at the story's old site.
        ("a", "href") if is_relative(value) => None,
        // The sanitizer does not check the scheme of a citation.
        (_, "cite") if !is_web(value) => None,
        (_, "href" | "cite" | "src") => valid_url(value),
        // Obsolete, or without a meaning in a story.
        (_, "align" | "char" | "charoff" | "size" | "summary" | "headers" | "datetime")
        | ("hr" | "col" | "colgroup", _) => None,
        (_, "width" | "height" | "colspan" | "rowspan") => is_number(value).then_some(value.into()),
        ("ol", "start") => value.parse::<i32>().is_ok().then_some(value.into()),
        (_, "scope") => matches!(value, "row" | "col").then_some(value.into()),
        (_, "hreflang") => is_language(value).then_some(value.into()),
        (_, "id") if is_footnote(value) => Some(value.into()),
        // Without the prefix it could shadow one of the page's own.
        (_, "id") => Some(normalized(value))
            .filter(|id| !id.is_empty())
            .map(|id| format!("{ID_PREFIX}{id}").into()),
        (_, "dir") => {
            let value = value.trim();
            let known = ["ltr", "rtl", "auto"].into_iter();
            known.into_iter().find(|known| value.eq_ignore_ascii_case(known)).map(Cow::from)
        }
        (_, "lang") => is_language(value).then_some(value.into()),
        ("code", "class") => language_class(value).map(Cow::from),
        _ => Some(value.into()),
    }
}

/// Returns whether a value is a number of pixels or cells.
fn is_number(value: &str) -> bool {
    value.parse::<u16>().is_ok_and(|number| number > 0)
        && value.bytes().all(|it| it.is_ascii_digit())
}

fn is_language(value: &str) -> bool {
    value.len() <= MAX_LANGUAGE_LENGTH
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Returns the class that names the language of a piece of code.
fn language_class(classes: &str) -> Option<&str> {
    classes.split_ascii_whitespace().find(|class| {
        class.strip_prefix(LANGUAGE_CLASS).is_some_and(|name| {
            let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+#-_.".contains(&byte);
            !name.is_empty() && name.len() <= 40 && name.bytes().all(is_allowed)
        })
    })
}
