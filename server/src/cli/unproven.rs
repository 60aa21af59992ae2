//! What a refused token says of itself, for the person who wonders why.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gazette_authorizer::TokenError;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::output::say;

/// The claims that the checks are about.
const SHOWN: [&str; 10] = [
    "iss",
    "token_use",
    "client_id",
    "aud",
    "username",
    "cognito:username",
    "cognito:groups",
    "scope",
    "iat",
    "exp",
];
const MAX_CHARACTERS: usize = 100;

/// Shows what can be read of a refused token, which is proven by nothing, unless time alone
/// speaks against it.
pub(super) fn show_unproven(token: &str, token_error: TokenError, now: i64) {
    let Some(claims) = claims(token) else { return };
    say(match token_error {
        TokenError::Expired => "It said, as long as it was good",
        _ => "It says, which proves nothing",
    });
    for name in SHOWN {
        if let Some(value) = claims.get(name) {
            say(format_args!("  {name:<16} {}{}", harmless(value), when(name, value, now)));
        }
    }
}

fn claims(token: &str) -> Option<Map<String, Value>> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

/// Text without anything that a terminal could obey or an eye mistake.
fn harmless(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let plain = text.chars().take(MAX_CHARACTERS).flat_map(|character| {
        let is_plain = character.is_ascii_graphic() || character == ' ';
        let escaped = (!is_plain).then(|| character.escape_unicode());
        escaped.into_iter().flatten().chain(is_plain.then_some(character))
    });
    plain.collect()
}

/// For a time: as people write it, and how far from now.
fn when(name: &str, value: &Value, now: i64) -> String {
    let seconds = value.as_i64().filter(|_| matches!(name, "iat" | "exp"));
    let Some(time) = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()) else {
        return String::new();
    };
    match time.as_second().saturating_sub(now) {
        ahead @ 0.. => format!(" ({time}, in {ahead} seconds)"),
        ago => format!(" ({time}, {} seconds ago)", ago.unsigned_abs()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_or_an_eye_mistakes_is_shown() {
        let shown = harmless(&json!("\u{1b}[2J\u{430}dmin\n\u{202e}x"));
        assert_eq!(shown, r"\u{1b}[2J\u{430}dmin\u{a}\u{202e}x");
        assert_eq!(harmless(&json!(["admin", 1])), r#"["admin",1]"#);
        assert_eq!(harmless(&json!("x".repeat(5_000))).len(), MAX_CHARACTERS);
    }

    #[test]
    fn times_are_told_from_now() {
        assert_eq!(when("exp", &json!(0), 60), " (1970-01-01T00:00:00Z, 60 seconds ago)");
        assert_eq!(when("iat", &json!(60), 0), " (1970-01-01T00:01:00Z, in 60 seconds)");
        assert_eq!(when("sub", &json!(60), 0), "");
        assert_eq!(when("exp", &json!("soon"), 0), "");
        assert_eq!(when("exp", &json!(i64::MAX), 0), "");
    }

    #[test]
    fn what_is_no_token_says_nothing() {
        for token in ["", "a", "a.b.c", "a.!.c", "..", "a.e30"] {
            assert!(claims(token).is_none_or(|claims| claims.is_empty()), "{token}");
        }
    }
}
