//! Addresses that the site no longer answers: a path and perhaps a query, in one spelling.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::characters::forbidden_in_line;
use crate::percent_encoding::{decoded, push_encoded};
use crate::redirect_error::RedirectError;
use crate::routes::{Endpoint, ROUTES, SIGN_IN_PREFIX};

/// Parameters by which other systems, such as `WordPress`, name a page at `/`.
const PAGE_PARAMETERS: [&str; 14] = [
    "p",
    "page_id",
    "attachment_id",
    "post_type",
    "name",
    "pagename",
    "cat",
    "category_name",
    "tag",
    "author",
    "author_name",
    "m",
    "id",
    "q",
];

/// Path and perhaps query of a page that has moved or is gone.
///
/// Every spelling of an address is the same value: percent-encoding is decoded where that loses
/// nothing, text is in NFC, and `/a`, `/a/` and `/a/index.html` are one address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OldAddress(String);

impl OldAddress {
    /// The maximum size, in bytes without percent-encoding.
    pub const MAX_BYTES: usize = 2_000;

    /// Parses an address that someone wrote.
    ///
    /// # Errors
    /// When it is not a path of a site, is too long, has a forbidden character or a fragment, or is
    /// one that a page of the site answers.
    pub fn parse(text: &str) -> Result<Self, RedirectError> {
        let text = text.trim();
        if !text.starts_with('/') || text.starts_with("//") {
            let message = format!(
                "`{}` is not a path; write the old address without its host, such as /2019/old-story",
                shortened(text)
            );
            return Err(RedirectError::from_rule(message));
        }
        if text.contains('#') {
            let message = "has a fragment, which browsers never send; leave out the part from `#`";
            return Err(RedirectError::from_rule(message));
        }
        let (path, query) = split_query(text);
        let address = Self(canonical(path, query));
        address.check()?;
        Ok(address)
    }

    /// Returns the stored spelling of an address, also of one that the rules refuse today.
    pub(crate) fn canonical(text: &str) -> Self {
        let (path, query) = split_query(text);
        Self(canonical(path, query))
    }

    /// Returns the stored spelling of the beginning of an address, for a search.
    pub(crate) fn beginning(text: &str) -> String {
        /// Longer addresses are not stored whole in their keys.
        const MAX_BYTES: usize = 900;
        let text = text.trim();
        let slash = if text.starts_with('/') || text.is_empty() { "" } else { "/" };
        let mut beginning = normal(&decoded(&format!("{slash}{text}"), b"?#%"));
        beginning.truncate(beginning.floor_char_boundary(MAX_BYTES));
        beginning
    }

    /// Checks the rules of an address that a redirect is stored for.
    pub(crate) fn check(&self) -> Result<(), RedirectError> {
        if self.0.len() > Self::MAX_BYTES {
            let message =
                format!("has {} bytes; at most {} are allowed", self.0.len(), Self::MAX_BYTES);
            return Err(RedirectError::from_rule(message));
        }
        if let Some(character) = forbidden(&self.0) {
            let code = u32::from(character);
            let message = format!("has the invisible character U+{code:04X}; remove it");
            return Err(RedirectError::from_rule(message));
        }
        if is_answered(self.path(), self.query()) {
            let message = self.answered();
            return Err(RedirectError::from_rule(message));
        }
        Ok(())
    }

    fn answered(&self) -> String {
        match self.query() {
            Some(_) if self.path() == Endpoint::FrontPage.path() => format!(
                "`{self}` is the front page, whose redirects are those of the parameters {}",
                PAGE_PARAMETERS.join(", ")
            ),
            _ => format!("`{self}` is a page of this site, which answers before redirects"),
        }
    }

    /// Returns the addresses whose redirects answer a request, the more exact first: with the query,
    /// then without it. Empty if no redirect can.
    pub(crate) fn of_request(path: &str, query: Option<&str>) -> Vec<Self> {
        if !path.starts_with('/') || path.starts_with("//") {
            return Vec::new();
        }
        let query = query.filter(|query| !query.is_empty());
        let candidates =
            [query.map(|query| canonical(path, Some(query))), Some(canonical(path, None))];
        let is_possible = |address: &Self| {
            let is_front_page = address.path() == Endpoint::FrontPage.path();
            let may_exist = !is_front_page || address.query().is_some_and(names_a_page);
            may_exist && address.0.len() <= Self::MAX_BYTES && forbidden(&address.0).is_none()
        };
        candidates.into_iter().flatten().map(Self).filter(is_possible).collect()
    }

    /// Returns the address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path, in which a `?` is percent-encoded.
    pub(crate) fn path(&self) -> &str {
        split_query(&self.0).0
    }

    /// Returns the query.
    pub(crate) fn query(&self) -> Option<&str> {
        split_query(&self.0).1
    }
}

impl fmt::Display for OldAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A stored address must have its only spelling, since that is its key.
impl TryFrom<String> for OldAddress {
    type Error = RedirectError;

    fn try_from(text: String) -> Result<Self, RedirectError> {
        if text.starts_with('/') && !text.starts_with("//") && Self::canonical(&text).0 == text {
            return Ok(Self(text));
        }
        let message = format!("`{}` is not the normal form of an address", shortened(&text));
        Err(RedirectError::from_rule(message))
    }
}

impl From<OldAddress> for String {
    fn from(address: OldAddress) -> Self {
        address.0
    }
}

/// Returns the beginning of a text, for messages.
pub(crate) fn shortened(text: &str) -> String {
    const MAX_CHARACTERS: usize = 200;
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

/// Returns the first character that an address must not contain. Browsers drop tabs and line
/// breaks, so that the address would be another one.
pub(crate) fn forbidden(text: &str) -> Option<char> {
    text.chars().find(|c| c.is_control()).or_else(|| forbidden_in_line(text))
}

fn split_query(text: &str) -> (&str, Option<&str>) {
    match text.split_once('?') {
        Some((path, query)) => (path, Some(query).filter(|query| !query.is_empty())),
        None => (text, None),
    }
}

/// Checks whether a route answers, so that a redirect would never be looked up. Stories and labels
/// that do not exist leave their addresses to redirects, and so does the front page with a query that
/// names a page.
fn is_answered(path: &str, query: Option<&str>) -> bool {
    let mut routes = ROUTES.iter().filter(|route| route.matches(path));
    let is_free = |endpoint: Endpoint| match endpoint {
        Endpoint::ReadStory
        | Endpoint::ReplaceStory
        | Endpoint::DeleteStory
        | Endpoint::Section
        | Endpoint::Tag
        | Endpoint::Author => true,
        Endpoint::FrontPage => query.is_some_and(names_a_page),
        _ => false,
    };
    path.starts_with(SIGN_IN_PREFIX) || routes.any(|route| !is_free(route.endpoint))
}

/// Checks whether a query of the front page is the address of a page on another system, such as
/// `/?p=12` of `WordPress`. No other query costs the front page a lookup.
fn names_a_page(query: &str) -> bool {
    query.split(['=', '&']).next().is_some_and(|name| PAGE_PARAMETERS.contains(&name))
}

/// Returns the only spelling of a path and its query.
fn canonical(path: &str, query: Option<&str>) -> String {
    let mut address = decoded(path, b"/?#%");
    loop {
        let shorter = address.trim_end_matches('/');
        let shorter = match shorter.strip_suffix("index.html") {
            Some(folder) if folder.ends_with('/') => folder,
            _ => shorter,
        };
        if shorter.len() == address.len() {
            break;
        }
        address.truncate(shorter.len());
    }
    if address.is_empty() {
        address.push('/');
    }
    if let Some(query) = query.filter(|query| !query.is_empty()) {
        address.push('?');
        address.push_str(&decoded(query, b"&=+#%"));
    }
    normal(&address)
}

/// Returns a decoded text in NFC, with its spaces encoded again: at the ends of a text they would be
/// lost, and two look like one.
fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for (index, part) in text.split('%').enumerate() {
        // The digits of an escape must not compose with an accent after them.
        let digits = if index == 0 { 0 } else { part.len().min(2) };
        let (digits, rest) = part.split_at_checked(digits).unwrap_or(("", part));
        if index > 0 {
            normal.push('%');
        }
        normal.push_str(digits);
        rest.nfc().for_each(|character| push_normal(&mut normal, character));
    }
    normal
}

fn push_normal(normal: &mut String, character: char) {
    if character.is_whitespace() && !character.is_control() {
        let mut encoded = Vec::new();
        for byte in character.to_string().bytes() {
            push_encoded(&mut encoded, byte);
        }
        normal.push_str(&String::from_utf8(encoded).unwrap_or_default());
    } else {
        normal.push(character);
    }
}

#[cfg(test)]
mod tests;
