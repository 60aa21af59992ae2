//! Percent-encoding of URLs (RFC 3986 §2.1).

use std::fmt::Write as _;

use crate::characters::forbidden_in_line;

/// Appends a part of a URL, in which slashes stay and everything that is not unreserved is encoded.
pub fn push_percent_encoded(url: &mut String, part: &str) {
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                url.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => drop(write!(url, "%{byte:02X}")),
        }
    }
}

/// Returns a URL with its letters decoded, for people to read. A URL in which that would show
/// spaces or invisible characters is returned as it is.
pub fn readable_url(url: &str) -> String {
    let readable = decoded(url, b"%/?#&=+");
    let is_plain =
        !readable.contains(char::is_whitespace) && forbidden_in_line(&readable).is_none();
    if is_plain { readable } else { url.to_owned() }
}

/// Decodes percent-encoding, except of the delimiters, which mean something else when decoded, and
/// of bytes that are no UTF-8.
pub(crate) fn decoded(text: &str, delimiters: &[u8]) -> String {
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
fn hex_byte(text: &[u8]) -> Option<u8> {
    let digit = |index: usize| char::from(*text.get(index)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

pub(crate) fn push_encoded(bytes: &mut Vec<u8>, byte: u8) {
    bytes.extend_from_slice(format!("%{byte:02X}").as_bytes());
}

/// Percent-encodes what must not be in a `Location` (RFC 3986 §2).
pub(crate) fn encoded(target: &str) -> String {
    let mut encoded = Vec::with_capacity(target.len());
    let bytes = target.as_bytes();
    for (index, &byte) in bytes.iter().enumerate() {
        let is_escape =
            byte == b'%' && hex_byte(bytes.get(index + 1..).unwrap_or_default()).is_some();
        let is_plain = byte.is_ascii_graphic() && !br#"%"<>\^`{|}"#.contains(&byte);
        if is_escape || is_plain { encoded.push(byte) } else { push_encoded(&mut encoded, byte) }
    }
    String::from_utf8(encoded).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_a_url_are_readable_and_nothing_hides_in_it() {
        for (url, readable) in [
            ("/news/%E6%A9%8B", "/news/橋"),
            ("/a?q=%26%3D", "/a?q=%26%3D"),
            ("/a%20b", "/a%20b"),
            ("/%E2%80%AEx", "/%E2%80%AEx"),
            ("/%0A", "/%0A"),
            ("/%FF", "/%FF"),
        ] {
            assert_eq!(readable_url(url), readable);
        }
    }
}
