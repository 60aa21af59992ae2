//! Addresses at the site that stories come from.

/// Returns the path of a URL, with its query; `None` if there is none.
pub(super) fn path_of(url: &str) -> Option<String> {
    let url = url.trim().split('#').next().unwrap_or_default();
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find(['/', '?']).and_then(|start| rest.get(start..)).unwrap_or("/"),
        None => Some(url).filter(|path| path.starts_with('/'))?,
    };
    if path.len() > 2_000 || path.chars().any(|c| c.is_control() || c == ' ') {
        return None;
    }
    Some(if path.starts_with('/') { path.to_owned() } else { format!("/{path}") })
}

/// Replaces `%E3%81%82` by the character that it encodes. Text that is no UTF-8 stays.
pub(super) fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.filter(|_| *first == b'%').and_then(|d| u8::from_str_radix(d, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = byte.and(after.get(2..)).unwrap_or(after);
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_url_keeps_its_query() {
        for (url, path) in [
            ("https://a.example/2024/x/?p=1#c", Some("/2024/x/?p=1")),
            ("https://a.example", Some("/")),
            ("http://a.example?p=12", Some("/?p=12")),
            ("/x/", Some("/x/")),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(path_of(url).as_deref(), path, "{url}");
        }
    }

    #[test]
    fn percent_signs_are_decoded() {
        assert_eq!(decode_percent("%e3%81%82-b%"), "あ-b%");
        assert_eq!(decode_percent("%ff%2"), "%ff%2");
    }
}
