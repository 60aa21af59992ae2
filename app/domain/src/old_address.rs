//! Addresses that the site no longer answers: a path and perhaps a query, in one spelling.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::characters::forbidden_in_line;
use crate::redirect_error::RedirectError;
use crate::routes::{Endpoint, ROUTES, SIGN_IN_PREFIX};

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
        let (path, query) = split_query(text.trim());
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
            let message =
                format!("`{self}` is a page of this site, which answers before redirects");
            return Err(RedirectError::from_rule(message));
        }
        Ok(())
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
        let is_possible = |address: &String| {
            address != "/" && address.len() <= Self::MAX_BYTES && forbidden(address).is_none()
        };
        candidates.into_iter().flatten().filter(is_possible).map(Self).collect()
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
/// that do not exist leave their addresses to redirects, and so does the front page with a query,
/// which is the address of every page of some sites: `/?p=12`.
fn is_answered(path: &str, query: Option<&str>) -> bool {
    let mut routes = ROUTES.iter().filter(|route| route.matches(path));
    let is_free = |endpoint: Endpoint| match endpoint {
        Endpoint::ReadStory
        | Endpoint::ReplaceStory
        | Endpoint::DeleteStory
        | Endpoint::Section
        | Endpoint::Tag
        | Endpoint::Author => true,
        Endpoint::FrontPage => query.is_some(),
        _ => false,
    };
    path.starts_with(SIGN_IN_PREFIX) || routes.any(|route| !is_free(route.endpoint))
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

/// Returns a decoded text in NFC, with its spaces encoded again: they are lost at the ends of a text,
/// and nobody can tell two from one.
fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for character in text.nfc() {
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
    normal
}

/// Decodes percent-encoding, except of the delimiters, which mean something else when decoded, and
/// of bytes that are no UTF-8.
fn decoded(text: &str, delimiters: &[u8]) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'%' {
            bytes.push(first);
            continue;
        }
        match hex_byte(after) {
            Some(byte) => {
                rest = after.get(2..).unwrap_or_default();
                if delimiters.contains(&byte) {
                    push_encoded(&mut bytes, byte);
                } else {
                    bytes.push(byte);
                }
            }
            None => push_encoded(&mut bytes, b'%'),
        }
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        decoded.extend_from_slice(chunk.valid().as_bytes());
        chunk.invalid().iter().for_each(|byte| push_encoded(&mut decoded, *byte));
    }
    String::from_utf8(decoded).unwrap_or_default()
}

/// Returns the byte that two hexadecimal digits at the beginning stand for.
pub(crate) fn hex_byte(text: &[u8]) -> Option<u8> {
    let digit = |index: usize| char::from(*text.get(index)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

pub(crate) fn push_encoded(bytes: &mut Vec<u8>, byte: u8) {
    bytes.extend_from_slice(format!("%{byte:02X}").as_bytes());
}

#[cfg(test)]
mod tests;
