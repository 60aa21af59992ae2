//! Ids of the elements of a story.

use crate::percent_decoded::percent_decoded;

/// Prefix of all ids but those of footnotes: they must not shadow one of the page.
pub(super) const ID_PREFIX: &str = "s-";

/// Returns the id in the page of the heading that a link names after `#`.
pub(crate) fn heading_id(name: &str) -> String {
    format!("{ID_PREFIX}{}", normalized(name))
}

/// Returns whether an id is that of a footnote or of a reference to one.
pub(super) fn is_footnote(id: &str) -> bool {
    let rest = id.strip_prefix("fn-").or_else(|| id.strip_prefix("fnref-"));
    rest.is_some_and(|name| !name.is_empty() && !name.contains(|c: char| c.is_whitespace()))
}

/// Returns an id, or the name of one in a URL, in the spelling in which they are compared.
pub(super) fn normalized(name: &str) -> String {
    let name = percent_decoded(name.trim()).to_lowercase();
    let spelled = name.chars().filter(|c| *c != '%' && !c.is_control());
    spelled.map(|c| if c.is_whitespace() { '-' } else { c }).collect()
}

/// Returns the letters and digits of a name. The tools that make ids agree on these, but not on
/// what becomes of the rest.
pub(super) fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the letters and digits of which kramdown makes an id: the ASCII ones from the first
/// letter on.
pub(super) fn kramdown_letters(text: &str) -> String {
    let start = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let letters = text.get(start..).unwrap_or_default().chars();
    letters.filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_id_are_equal() {
        for (one, other) in [
            ("What-Now", "what-now"),
            ("%D0%9D%D0%B0%D1%81%D0%BB%D1%96%D0%B4%D0%BA%D0%B8", "Наслідки"),
            ("two words", "two%20words"),
        ] {
            assert_eq!(normalized(one), normalized(other));
        }
        assert_eq!(normalized("100%"), "100");
        assert_eq!(letters("1. What's new?"), letters("1-whats-new"));
        assert_eq!(kramdown_letters("1. What's new?"), "whatsnew");
    }
}
