//! Scopes that an access token needs in addition to the bearer's role.

use std::fmt;
use std::str::FromStr;

use crate::action::Action;

/// A scope that an access token needs for an action, in addition to the bearer's role.
///
/// Written `action=scope`, such as `news:delete=gazette/delete`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredScope {
    pub(crate) action: Action,
    pub(crate) scope: String,
}

/// The reason a required scope is not valid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequiredScopeError {
    /// The `=` is missing.
    #[error("{0:?} is not of the form action=scope")]
    Form(String),
    /// The action is unknown; the second value lists the known ones.
    #[error("unknown action {0:?}; known actions: {1}")]
    Action(String, String),
    /// The action needs no token.
    #[error("{0} needs no token, so a scope would only exclude callers that send one")]
    Public(&'static str),
    /// The scope is empty or has characters that are not allowed.
    #[error("{0:?} is not a valid scope")]
    Scope(String),
}

impl FromStr for RequiredScope {
    type Err = RequiredScopeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, scope) =
            text.split_once('=').ok_or_else(|| RequiredScopeError::Form(text.to_owned()))?;
        let action = Action::named(name).ok_or_else(|| {
            let known = Action::ALL.map(Action::as_str).join(", ");
            RequiredScopeError::Action(name.to_owned(), known)
        })?;
        if action.is_public() {
            return Err(RequiredScopeError::Public(action.as_str()));
        }
        if scope.is_empty() || !scope.bytes().all(is_scope_byte) {
            return Err(RequiredScopeError::Scope(scope.to_owned()));
        }
        Ok(Self { action, scope: scope.to_owned() })
    }
}

impl fmt::Display for RequiredScope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.action.as_str(), self.scope)
    }
}

/// Checks whether a scope may contain the byte (RFC 6749 §3.3).
pub fn is_scope_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_required_scope_is_an_action_and_a_scope() {
        let text = "news:delete=https://api.example/news=all";
        let rule: RequiredScope = text.parse().unwrap();
        assert_eq!(rule.to_string(), text);
        assert_eq!(rule.action, Action::DeleteNews);
        assert_eq!(rule.scope, "https://api.example/news=all");
    }

    #[test]
    fn an_invalid_required_scope_is_refused_with_the_reason() {
        let refused = |text: &str| text.parse::<RequiredScope>().unwrap_err().to_string();
        assert_eq!(refused("news:delete"), r#""news:delete" is not of the form action=scope"#);
        assert!(
            refused("fly=a").starts_with(r#"unknown action "fly"; known actions: news:read, "#)
        );
        assert!(refused("news:read=a").starts_with("news:read needs no token"));
        for scope in ["", "a b", "a\"b", "a\\b", "a\nb", "\u{e4}"] {
            assert_eq!(
                refused(&format!("news:delete={scope}")),
                format!("{scope:?} is not a valid scope")
            );
        }
    }
}
