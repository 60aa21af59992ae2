//! Addresses with parameters.

use std::fmt::Write as _;

/// A path with parameters, each percent-encoded (RFC 3986 §2.1).
pub fn address(path: &str, parameters: &[(&str, String)]) -> String {
    let mut address = path.to_owned();
    for (number, (name, value)) in parameters.iter().enumerate() {
        address.push(if number == 0 { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        push_encoded(&mut address, value);
    }
    address
}

fn push_encoded(address: &mut String, value: &str) {
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                address.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => drop(write!(address, "%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_plain_is_encoded() {
        let parameters = [("section", "Rust & ü".to_owned()), ("limit", "5".to_owned())];
        assert_eq!(address("/news", &parameters), "/news?section=Rust%20%26%20%C3%BC&limit=5");
        assert_eq!(address("/news", &[]), "/news");
    }
}
