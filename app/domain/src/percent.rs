//! Percent-encoding of parts of URLs (RFC 3986 §2.1).

use std::fmt::Write as _;

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
