//! The `Authorization` header.

use crate::token_error::TokenError;

/// Reads the bearer token from the values of the `Authorization` headers of a request.
///
/// A value is `Bearer <token>` (RFC 6750 §2.1; the scheme is not case-sensitive) or, as API
/// Gateway accepts it, the token alone. Without a header the result is `None`. The token is not
/// verified.
///
/// # Errors
/// [`TokenError::Form`] for a repeated header, which is ambiguous, and
/// [`TokenError::Characters`] for a value that is not text.
pub fn bearer_token<'h>(
    values: impl IntoIterator<Item = &'h [u8]>,
) -> Option<Result<&'h str, TokenError>> {
    let mut values = values.into_iter();
    let value = values.next()?;
    if values.next().is_some() {
        return Some(Err(TokenError::Form));
    }
    let Ok(value) = std::str::from_utf8(value) else { return Some(Err(TokenError::Characters)) };
    Some(Ok(match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
        _ => value,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Option<Result<String, TokenError>> {
        let token = bearer_token(values.iter().map(|value| value.as_bytes()))?;
        Some(token.map(str::to_owned))
    }

    #[test]
    fn a_token_may_have_a_scheme_or_none() {
        for value in ["a.b.c", "Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c"] {
            assert_eq!(read(&[value]), Some(Ok("a.b.c".to_owned())), "{value}");
        }
    }

    #[test]
    fn atk_27_any_other_text_remains_part_of_the_token() {
        for value in [
            "Basic a.b.c",
            "Bearer  a.b.c",
            "Bearer Bearer a.b.c",
            " Bearer a.b.c",
            "Bearer\ta.b.c",
            "Bearer,a.b.c",
            "Bearer a.b.c ",
            "a.b.c, a.b.c",
            "",
            "Bearer",
        ] {
            let Some(Ok(token)) = read(&[value]) else { panic!("{value}") };
            assert_eq!(token, value.strip_prefix("Bearer ").unwrap_or(value));
            assert_ne!(token, "a.b.c");
        }
    }

    #[test]
    fn atk_27_atk_30_a_repeated_header_and_invalid_utf_8_are_refused() {
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["a.b.c", "a.b.c"]), Some(Err(TokenError::Form)));
        let not_text: &[u8] = b"Bearer \xff\xfe";
        assert_eq!(bearer_token([not_text]), Some(Err(TokenError::Characters)));
    }
}
