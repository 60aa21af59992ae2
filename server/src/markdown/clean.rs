//! The HTML that is allowed in a story.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::url::{is_local, is_relative, is_sign_in, is_web};

/// Prefix of the ids of a story's headings.
pub(super) const ID_PREFIX: &str = "s-";

/// Removes everything that is not allowed in a story.
pub(super) static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .add_tags(["section", "input"])
        .add_clean_content_tags(["noscript"])
        .add_generic_attributes(["dir"])
        .add_tag_attributes("h2", ["id"])
        .add_tag_attributes("h3", ["id"])
        .add_tag_attributes("h4", ["id"])
        .add_tag_attributes("h5", ["id"])
        .add_tag_attributes("h6", ["id"])
        .add_tag_attributes("input", ["checked", "disabled"])
        .add_tag_attributes("a", ["id"])
        .add_tag_attributes("li", ["id"])
        .add_allowed_classes("section", ["footnotes"])
        .add_allowed_classes("sup", ["footnote-ref"])
        .add_allowed_classes("a", ["footnote-backref"])
        .tag_attribute_values(HashMap::from([(
            "input",
            HashMap::from([("type", HashSet::from(["checkbox"]))]),
        )]))
        .set_tag_attribute_value("input", "disabled", "")
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") if !is_local(value) || is_sign_in(value) => None,
            // A relative URL pointed to a file at the story's old site.
            ("a", "href") if is_relative(value) => None,
            // The sanitizer does not check the scheme of a citation.
            (_, "cite") if !is_web(value) => None,
            (_, "dir") if !is_direction(value) => None,
            // Other ids could shadow one of the page's own.
            (_, "id") if !value.starts_with("fn") && !value.starts_with(ID_PREFIX) => None,
            _ => Some(value.into()),
        });
    cleaner
});

/// Checks the value of a `dir` attribute, which HTML compares without case.
fn is_direction(value: &str) -> bool {
    ["ltr", "rtl", "auto"].iter().any(|direction| value.eq_ignore_ascii_case(direction))
}
