//! Path and query of a request, as a client would send them.
//!
//! API Gateway decodes some paths and leaves others as they came, and both may reach the function.
//! So what a URL cannot contain is encoded, and what is encoded stays. Nothing is decoded.

use std::fmt::Write as _;

use http::uri::PathAndQuery;

use super::error::EventError;

/// Returns path and query of a request.
pub(super) fn target(path: &str, query: &str) -> Result<PathAndQuery, EventError> {
    let mut text = String::with_capacity(path.len() + query.len() + 1);
    if !path.starts_with('/') {
        text.push('/');
    }
    push_encoded(&mut text, path, "/:@!$&'()*+,;=");
    if !query.is_empty() {
        text.push('?');
        push_encoded(&mut text, query, "/:@!$&'()*+,;=?");
    }
    text.try_into().map_err(|_| EventError::Invalid("URL"))
}

/// Returns the query of decoded parameters.
pub(super) fn query<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in parameters {
        if !text.is_empty() {
            text.push('&');
        }
        push_escaped(&mut text, name);
        text.push('=');
        push_escaped(&mut text, value);
    }
    text
}

/// Returns a path without the name of its stage in front.
pub(super) fn without_stage<'a>(path: &'a str, stage: &str) -> &'a str {
    let rest = path.strip_prefix('/').and_then(|path| path.strip_prefix(stage));
    match rest {
        Some("") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        _ => path,
    }
}

/// Encodes what cannot be in a URL; escapes stay as they are.
fn push_encoded(text: &mut String, part: &str, delimiters: &str) {
    for (index, byte) in part.bytes().enumerate() {
        let is_escape = || {
            let digits = part.as_bytes().get(index + 1..index + 3);
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        };
        let is_plain = is_unreserved(byte) || delimiters.as_bytes().contains(&byte);
        if is_plain || (byte == b'%' && is_escape()) {
            text.push(char::from(byte));
        } else {
            push_escape(text, byte);
        }
    }
}

/// Encodes a decoded name or value.
fn push_escaped(text: &mut String, part: &str) {
    for byte in part.bytes() {
        if is_unreserved(byte) {
            text.push(char::from(byte));
        } else {
            push_escape(text, byte);
        }
    }
}

fn push_escape(text: &mut String, byte: u8) {
    // Writing to a string cannot fail.
    let _ = write!(text, "%{byte:02X}");
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, query: &str) -> String {
        target(path, query).unwrap().to_string()
    }

    #[test]
    fn decoded_and_encoded_paths_lead_to_the_same_story() {
        for path in ["/news/橋", "/news/%E6%A9%8B"] {
            assert_eq!(of(path, ""), "/news/%E6%A9%8B");
        }
        assert_eq!(of("/tag/c++", "a=b c&d=%26"), "/tag/c++?a=b%20c&d=%26");
        assert_eq!(of("/news/50%", ""), "/news/50%25");
        assert_eq!(of("", "limit=2"), "/?limit=2");
    }

    #[test]
    fn az_11_an_encoded_path_is_not_decoded() {
        for path in ["/news/%2e%2e/desk", "/news/..%2fdesk", "/news/%252e", "/news/%00"] {
            assert_eq!(of(path, ""), path);
        }
        assert_eq!(of("//desk", ""), "//desk");
        assert_eq!(of("/news/a\\..\\desk#x?y", ""), "/news/a%5C..%5Cdesk%23x%3Fy");
    }

    #[test]
    fn parameters_are_encoded_again() {
        let parameters = [("q", "a&b=c"), ("q", "ü +%"), ("", "")];
        assert_eq!(query(parameters.into_iter()), "q=a%26b%3Dc&q=%C3%BC%20%2B%25&=");
    }

    #[test]
    fn a_stage_is_removed_once_and_only_as_a_whole_segment() {
        for (path, expected) in [
            ("/prod", "/"),
            ("/prod/", "/"),
            ("/prod/news", "/news"),
            ("/prod/prod/news", "/prod/news"),
            ("/product", "/product"),
            ("/news/prod", "/news/prod"),
            ("prod/news", "prod/news"),
        ] {
            assert_eq!(without_stage(path, "prod"), expected, "{path}");
        }
    }
}
