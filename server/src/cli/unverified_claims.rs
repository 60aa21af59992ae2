//! Claims of a refused token, for troubleshooting.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gazette_authorizer::TokenError;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::output::print_line;

/// Claims that the checks use.
const CLAIMS: [&str; 16] = [
    "iss",
    "token_use",
    "client_id",
    "aud",
    "azp",
    "act",
    "sub",
    "username",
    "cognito:username",
    "cognito:groups",
    "scope",
    "jti",
    "auth_time",
    "iat",
    "nbf",
    "exp",
];
/// Claims that are times.
const TIMES: [&str; 4] = ["auth_time", "iat", "nbf", "exp"];
const MAX_CHARACTERS: usize = 100;

/// Prints the claims of a refused token. Only those of an expired token have been verified.
pub(super) fn print_unverified_claims(token: &str, token_error: TokenError, now: i64) {
    let Some(claims) = claims(token) else { return };
    print_line(match token_error {
        TokenError::Expired => "Claims (verified, but expired)",
        _ => "Claims (unverified)",
    });
    for name in CLAIMS {
        if let Some(value) = claims.get(name) {
            print_line(format_args!(
                "  {name:<16} {}{}",
                escaped(value),
                relative_time(name, value, now)
            ));
        }
    }
}

fn claims(token: &str) -> Option<Map<String, Value>> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

/// Escapes control characters and look-alike letters.
fn escaped(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let escaped = text.chars().take(MAX_CHARACTERS).flat_map(|character| {
        let is_plain = character.is_ascii_graphic() || character == ' ';
        let escape = (!is_plain).then(|| character.escape_unicode());
        escape.into_iter().flatten().chain(is_plain.then_some(character))
    });
    escaped.collect()
}

/// Describes a claim that is a time: the date, and the distance from now.
fn relative_time(name: &str, value: &Value, now: i64) -> String {
    let seconds = value.as_i64().filter(|_| TIMES.contains(&name));
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
    fn control_characters_and_look_alike_letters_are_escaped() {
        let text = escaped(&json!("\u{1b}[2J\u{430}dmin\n\u{202e}x"));
        assert_eq!(text, r"\u{1b}[2J\u{430}dmin\u{a}\u{202e}x");
        assert_eq!(escaped(&json!(["admin", 1])), r#"["admin",1]"#);
        assert_eq!(escaped(&json!("x".repeat(5_000))).len(), MAX_CHARACTERS);
    }

    #[test]
    fn times_are_relative_to_now() {
        assert_eq!(relative_time("exp", &json!(0), 60), " (1970-01-01T00:00:00Z, 60 seconds ago)");
        assert_eq!(relative_time("iat", &json!(60), 0), " (1970-01-01T00:01:00Z, in 60 seconds)");
        assert_eq!(relative_time("nbf", &json!(9), 0), " (1970-01-01T00:00:09Z, in 9 seconds)");
        assert_eq!(relative_time("sub", &json!(60), 0), "");
        assert_eq!(relative_time("exp", &json!("soon"), 0), "");
        assert_eq!(relative_time("exp", &json!(i64::MAX), 0), "");
    }

    #[test]
    fn a_text_that_is_not_a_token_has_no_claims() {
        for token in ["", "a", "a.b.c", "a.!.c", "..", "a.e30"] {
            assert!(claims(token).is_none_or(|claims| claims.is_empty()), "{token}");
        }
    }
}
