//! The `Authorization` header.

use crate::refusal::Refusal;

/// The bearer token among the values of a request's `Authorization` headers: `Bearer
/// <token>` (RFC 6750 §2.1, the scheme in any case) or, as API Gateway takes it, bare.
///
/// `None` when there is no such header. Two of them are no token: nobody can say which one
/// was meant.
///
/// # Errors
/// The refusal to answer with; a token it gives has not been checked in any way.
pub fn bearer_token<'h>(
    values: impl IntoIterator<Item = &'h [u8]>,
) -> Option<Result<&'h str, Refusal>> {
    let mut values = values.into_iter();
    let value = values.next()?;
    if values.next().is_some() {
        return Some(Err(Refusal::Form));
    }
    let Ok(value) = std::str::from_utf8(value) else { return Some(Err(Refusal::Characters)) };
    Some(Ok(match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
        _ => value,
    }))
}
