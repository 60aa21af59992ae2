//! The `Authorization` header.

use crate::token_error::TokenError;

/// The bearer token among the values of a request's `Authorization` headers: `Bearer
/// <token>` (RFC 6750 §2.1, the scheme in any case) or, as API Gateway takes it, bare.
///
/// `None` when there is no such header. Two of them are no token: nobody can say which one
/// was meant.
///
/// # Errors
/// The token_error to answer with; a token it gives has not been checked in any way.
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

    fn of(values: &[&str]) -> Option<Result<String, TokenError>> {
        let token = bearer_token(values.iter().map(|value| value.as_bytes()))?;
        Some(token.map(str::to_owned))
    }

    #[test]
    fn a_token_comes_bare_or_behind_its_scheme() {
        for value in ["a.b.c", "Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c"] {
            assert_eq!(of(&[value]), Some(Ok("a.b.c".to_owned())), "{value}");
        }
    }

    #[test]
    fn atk_27_whatever_else_stands_there_stays_in_the_token() {
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
            let Some(Ok(token)) = of(&[value]) else { panic!("{value}") };
            assert_eq!(token, value.strip_prefix("Bearer ").unwrap_or(value));
            assert_ne!(token, "a.b.c");
        }
    }

    #[test]
    fn atk_27_atk_30_two_headers_are_no_token_and_no_bytes_panic() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["a.b.c", "a.b.c"]), Some(Err(TokenError::Form)));
        let not_text: &[u8] = b"Bearer \xff\xfe";
        assert_eq!(bearer_token([not_text]), Some(Err(TokenError::Characters)));
    }
}
